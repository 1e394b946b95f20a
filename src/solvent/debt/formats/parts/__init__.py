"""What several formats share: text made safe to show, places, totals, orders, and the lines of code themselves."""
