"""Gates: what a version needs to enter a stage or to take an alias (decision 0018, docs/gates.md)."""
