"""Version and what the server can do."""

from __future__ import annotations

import solvent
from solvent.server.asgi import NOSNIFF, TEXT, Receive, Scope, Send, answer
from solvent.server.engine import encode

# What MLflow 3's client asks before it transfers files; "SqlStore" is its name for a database.
_SERVER_INFO = {
    "store_type": "SqlStore",
    "workspaces_enabled": False,
    "trace_archival_enabled": False,
    "multipart_uploads_enabled": False,
    "multipart_downloads_enabled": False,
    "presigned_upload_run_id_supported": False,
    "presigned_upload_model_id_supported": False,
    "features_enabled": {"gateway": False},
    "solvent_version": solvent.__version__,
}


async def version(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, 200, solvent.__version__.encode(), (TEXT, NOSNIFF))


async def server_info(scope: Scope, receive: Receive, send: Send) -> None:
    await answer(send, 200, encode(_SERVER_INFO))
