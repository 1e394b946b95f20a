"""Generic rules that ruff already has, done well: asked for by code, then narrowed by a rule of ours."""
