"""Profiles: the small, versioned description of a table that is kept with a run."""
