"""Models from Python: logged with a run, registered, and loaded again by their addresses."""
