"""Holding data against a contract: every rule and every column ends in exactly one outcome, never in silence."""
