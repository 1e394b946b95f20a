"""The whole: summaries of all files joined by their calls, and the files around the code."""
