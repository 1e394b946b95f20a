"""Log and register a small model, and give it an alias."""

from sklearn.linear_model import LogisticRegression

import solvent
from solvent.client.connections import backend_of
from solvent.wire.registry import SetRegisteredModelAlias

model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0], [3.0, 1.0]], [0, 0, 1, 1])
with solvent.start_run():
    solvent.sklearn.log_model(model, "model", registered_model_name="bench")
backend_of(solvent.get_tracking_uri()).call(SetRegisteredModelAlias(name="bench", alias="champion", version="1"))
