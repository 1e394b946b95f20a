"""Autologging: trainings of known libraries record themselves. One module per library, over what they share."""
