"""Running rules: file by file in parallel and from the cache, then over the whole project."""
