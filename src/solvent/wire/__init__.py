"""The Structs that travel: requests, responses and entities, one file per resource.

Every request is a class that names its response and its route. The server's dispatch, the HTTP
client and the embedded backend are all built from these classes, so that a new endpoint is one
request here and one use case in ``tracking`` or ``registry``.
"""
