"""Contracts in other tools' forms: one module per format; each lists what its form can't say."""
