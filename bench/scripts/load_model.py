"""Load a model and ask it once."""

import sys

import solvent

print(solvent.load_model(sys.argv[1]).predict([[1.0, 2.0]]))
