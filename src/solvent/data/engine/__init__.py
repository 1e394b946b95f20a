"""Engines count; all else is computed from what they counted. ``protocol`` says what one must be able to do."""
