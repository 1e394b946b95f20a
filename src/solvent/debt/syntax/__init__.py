"""One file's syntax tree, indexed once: nodes by type, functions, calls by their resolved names, values."""
