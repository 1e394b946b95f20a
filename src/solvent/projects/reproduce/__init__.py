"""Repeating a recorded run: its code, environment, data and parameters as they were, and what came of it."""
