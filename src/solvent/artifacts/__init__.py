"""Where files are kept: a local folder, or another Solvent server. One module per kind of place."""
