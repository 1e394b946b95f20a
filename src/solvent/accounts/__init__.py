"""Who may do what: users, tokens, grants, and the rules that every request is held against.

Importing this package registers its use cases (``store.operations``). ``rules`` says of each
request what it needs, ``authorization`` holds a request against that.
"""

from __future__ import annotations

from solvent.accounts import grants, sessions, tokens, users

__all__ = ["grants", "sessions", "tokens", "users"]
