"""MLproject folders: their specification, their environments, and running them."""
