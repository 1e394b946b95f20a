"""Records and artifacts on their way: written to a file at once, delivered in the background or later."""
