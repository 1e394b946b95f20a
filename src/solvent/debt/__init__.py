"""Technical debt: what is found in code, notebooks and project files, priced and explained.

The way of a check: ``sources`` finds and reads files, ``syntax`` makes a ``Module`` of each, ``rules`` look at
modules and, over ``project``'s summaries, at the whole; ``engine`` runs it all, in parallel and with a cache;
``formats`` write the findings. Nothing that is looked at is ever imported or run.
"""
