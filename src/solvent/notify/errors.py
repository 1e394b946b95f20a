"""Errors of sending.

InvalidInput
`- AddressRefused       the receiver is, or resolves to, an address that nothing may be sent to
Unavailable
`- SendFailed           no answer came: not connected, broken off, too slow
"""

from __future__ import annotations

from solvent.errors import InvalidInput, Unavailable


class AddressRefused(InvalidInput):
    pass


class SendFailed(Unavailable):
    pass
