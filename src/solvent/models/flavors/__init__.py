"""One module per library whose models are saved and loaded here."""
