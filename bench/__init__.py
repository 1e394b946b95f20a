"""Speed and size beside MLflow's, in one run: ``make bench``.

Every group of rows is a module in ``rows`` with one function, ``rows(context)``.
"""
