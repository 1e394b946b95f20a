"""Why a program of machine learning failed: tracebacks in its log, what they mean, and where in the source to look.

``reading`` makes bounded, clean lines of a log, ``recognise`` finds failures in them, ``causes`` knows what they mean
(``causes.yaml``), ``sources`` finds their frames in a project and ``nones`` where a None came from. No code is run.
"""
