"""Log and register two small models, and give each an alias."""

from typing import Any

from sklearn.linear_model import LogisticRegression

import solvent
from solvent.client.connections import backend_of
from solvent.wire.registry import SetRegisteredModelAlias


def doubled(rows: Any) -> Any:
    return [[2 * number for number in row] for row in rows]


model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]], [0, 0, 1, 1])
with solvent.start_run():
    solvent.sklearn.log_model(model, "model", registered_model_name="sklearn")
    solvent.pyfunc.log_model(doubled, "function", registered_model_name="function")
for name in ("sklearn", "function"):
    backend_of(solvent.get_tracking_uri()).call(SetRegisteredModelAlias(name=name, alias="champion", version="1"))
