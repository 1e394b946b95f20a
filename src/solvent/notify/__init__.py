"""Telling others: signed webhooks over HTTP, sent to public addresses only, tried again until they arrive.

``addresses.py`` says where may be sent to, ``signing.py`` signs, ``sender.py`` sends once,
``retries.py`` says what to do after a failure, ``deliver.py`` is the loop that a server runs.
"""
