"""Which files there are, what they are for, and what stands in them."""
