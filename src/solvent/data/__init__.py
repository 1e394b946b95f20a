"""Data: what it is (fingerprints, profiles), what it must be (contracts), and how its columns were made (features)."""
