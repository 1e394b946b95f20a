"""Where projects come from: a folder, a zip, a git repository."""
