"""What is different between two profiles. Judged from counts alone: no data is read here."""
