"""Speed and memory of profiles and rules, on files that are made here."""
