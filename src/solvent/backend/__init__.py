"""One way in for everybody: a tracking URI leads to a backend, embedded or over HTTP.

``protocol.py`` says what a backend does, ``embedded.py`` runs the use cases in process,
``http.py`` sends the same requests to a server, ``resolve.py`` finds the one that a URI means.
"""
