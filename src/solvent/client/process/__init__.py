"""What this process has open: its runs, what happens beside them, and how they end with it."""
