"""The functions of ``import solvent``, about the run and the experiment that are active here."""
