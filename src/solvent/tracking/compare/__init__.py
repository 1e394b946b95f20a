"""What differs between runs: code, environment, data, params, metrics, tags.

``recorded.py`` reads what a run kept of itself, within bounds; ``rows.py`` lays values side by side; ``patches.py``
says how two states of the code differ from what was recorded of them, ``trees.py`` from their repository;
``compare.py`` puts it together. What a run kept was written by a client, so it may have any form.
"""
