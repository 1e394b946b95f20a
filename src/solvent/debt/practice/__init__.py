"""What code for models does, read from one module's calls and values: it prepares, splits, trains, keeps, applies."""
