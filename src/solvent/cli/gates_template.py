"""The policy that ``solvent gates init`` writes."""

from __future__ import annotations

TEMPLATE = """\
# What a version of a model needs before it may enter a stage or take an alias.
# It holds once it is applied: solvent gates apply. All that can be asked: docs/gates.md.

# "record" lets every version pass and keeps what was missing; "strict" refuses. Under "strict" there is no way to
# Production (or to an alias of that name) but from Staging.
level = "strict"

[stage.Staging]
signature = true               # which columns it takes; "whole": also what it answers
input_example = true           # rows to try it with
clean_code = true              # a commit holds all of the code of its run

[stage.Production]
signature = true
input_example = true
clean_code = true
card = "complete"              # intended use, assumptions and limits are written
tests = true                   # solvent gates record MODEL/VERSION tests --junit report.xml
approvals = 1                  # by somebody else than who made it, and who moves it
# contract = "current"         # its data kept the data contract that is current
# reproduced = true            # solvent reproduce RUN came to the same
# no_pickle = true             # no file that runs code when it is loaded
# staging_time = "2d"          # so long in Staging
# monitor = true               # something watches it

# Better than the version in Production, on the same data:
# metrics = [{ name = "f1_score", better = "higher", margin = 0.0, significance = 0.05, minimum = 0.8 }]
# Not much worse for any part of the data than for the whole:
# slices = [{ column = "country", metric = "f1_score", minimum = 0.7, gap = 0.1 }]

# [alias.champion]
# signature = true

# One model's own lines replace those above; false takes one away:
# [models.fraud.stage.Production]
# approvals = 2
"""
