"""Profiles and their differences, drawn: as text, Markdown, JSON and HTML."""
