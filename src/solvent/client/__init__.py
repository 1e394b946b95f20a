"""The SDK: the fluent API, ``Client``, the spool and its sender.

Imports go downwards: ``fluent/`` (the functions of ``import solvent``) uses ``client.py`` (which asks
the backend) and ``process/`` (the runs that are open here), which use ``spool/`` (records on their way).
"""
