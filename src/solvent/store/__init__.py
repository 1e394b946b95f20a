"""What is kept: the database with its one writer, and the SQL of each resource in a file of its own.

``database.py`` opens and migrates, ``store.py`` reads and writes, ``writer.py`` commits in groups,
``operations.py`` is the table of use cases that upper rooms register. The other modules hold the
SQL of one resource each and know no rules: those are in ``tracking`` and ``registry``.
"""
