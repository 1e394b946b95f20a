"""Which code works with data and models, told apart from what only has methods of such names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from solvent.debt.project.project import Place, Project
from solvent.debt.project.summary import CallSummary, FileSummary

_LIBRARIES = frozenset(
    {
        "sklearn",
        "xgboost",
        "lightgbm",
        "catboost",
        "torch",
        "torchvision",
        "tensorflow",
        "keras",
        "transformers",
        "fastai",
    }
    | {"pytorch_lightning", "lightning", "statsmodels", "prophet", "fbprophet", "pandas", "polars", "numpy", "pyspark"}
    | {
        "joblib",
        "mlflow",
        "jax",
        "flax",
        "spacy",
        "gensim",
        "nltk",
        "imblearn",
        "pycaret",
        "autogluon",
        "h2o",
        "surprise",
    }
    | {"pmdarima", "skorch", "datasets", "sentence_transformers", "ultralytics", "onnxruntime", "dask", "cv2", "mxnet"}
    | {"stable_baselines3", "hmmlearn", "sksurv", "lifelines", "implicit", "optuna", "hyperopt", "peft", "timm"}
)
_PLAIN = ("sqlite3.", "csv.")
"""Reading these is no work with data for a model."""


@lru_cache(maxsize=2)
def _near_models(project: Project) -> frozenset[str]:
    """Files that import a library of data or models, or a file of the project that does."""
    near = {file.path for file in project.files.values() if _imports_library(file)}
    around = set(near)
    for file in project.files.values():
        for name in file.imports:
            for module in (name, name.rpartition(".")[0]):
                other = project.module(module, file) if module else None
                if other is not None and other.path in near:
                    around.add(file.path)
    return frozenset(around)


def _imports_library(file: FileSummary) -> bool:
    return any(name.partition(".")[0] in _LIBRARIES for name in file.imports)


def is_work(project: Project, place: Place, call: CallSummary, kinds: Iterable[str]) -> bool:
    """Whether a call of one of these kinds is about data or models.

    What is called on an unknown object counts only where a library of models is near.
    """
    if frozenset(kinds).isdisjoint(call.kinds) or call.name.startswith(_PLAIN):
        return False
    return not call.name.startswith("?") or place.file.path in _near_models(project)


def works(project: Project, place: Place, kinds: Iterable[str]) -> bool:
    """Whether a function does work of these kinds itself."""
    wanted = frozenset(kinds)
    return any(is_work(project, place, call, wanted) for call in place.function.calls) or (
        "trains" in wanted and trains_by_hand(project, place)
    )


def trains_by_hand(project: Project, place: Place) -> bool:
    """Whether a function is a step of a training loop: a loss goes backward and an optimizer makes a step."""
    methods = {call.name.rpartition(".")[2] for call in place.function.calls if not call.kinds}
    return {"backward", "step"} <= methods and place.file.path in _near_models(project)


def reached_work(project: Project, start: Place, *kinds: str) -> frozenset[str]:
    """The kinds of work, of those asked for, that may be done when a function runs."""
    wanted = frozenset(kinds)
    found: set[str] = set()
    for place in project.reach(start).values():
        found |= {kind for call in place.function.calls if is_work(project, place, call, wanted) for kind in call.kinds}
        if "trains" in wanted and trains_by_hand(project, place):
            found.add("trains")
    return wanted & found
