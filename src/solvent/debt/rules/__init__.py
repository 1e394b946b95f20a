"""The rules, one module each: its documentation, its declaration and its check."""
