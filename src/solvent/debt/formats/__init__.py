"""How a report is written: one module per format, each with a function ``write(report, out)``."""
