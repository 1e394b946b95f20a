"""Calls that do the work of a model or of its data: training, prediction, loading, saving, reading, promotion.

The facts know those of libraries; a project's own functions are known by their names, or by what they do themselves
if they stand in the same file.
"""

from __future__ import annotations

import ast
import re

from solvent.debt.syntax.functions import Call, Function
from solvent.debt.syntax.module import Module

_KINDS = {
    "trains": "training",
    "tunes": "training",
    "predicts": "prediction",
    "loads_model": "loading",
    "saves_model": "saving",
    "promotes": "promotion",
    "transforms": "preparation",
    "fits_transform": "preparation",
    "cross_validates": "evaluation",
    "reads_data": "reading",
}
_THINGS = (
    r"(models?|weights|checkpoints?|pipelines?|classifiers?|regressors?|estimators?|artifacts?|data|datas?ets?|dfs?"
    r"|(data)?frames?|features?|csv|parquet|table|samples|embeddings?)"
)
"""What is loaded, saved and prepared, by its name."""
_NAMES = (
    ("training", re.compile(r"(re)?(train|fit)(_.*)?|(run|start|do)_(re)?train(ing)?(_.*)?")),
    (
        "prediction",
        re.compile(r"(predict|forecast)(_.*)?|(run|do)_(predictions?|inference)(_.*)?|extract_features?(_.*)?"),
    ),
    ("loading", re.compile(r"load_(\w+_)?(models?|weights|checkpoints?|pipelines?|classifiers?|artifacts?)(_.*)?")),
    ("saving", re.compile(r"(save|store|dump)_(\w+_)?(models?|weights|checkpoints?|pipelines?)(_.*)?")),
    ("reading", re.compile(rf"(load|read|download|fetch)_(\w+_)?{_THINGS}(_.*)?|fetch(one|all|many)?")),
    ("reading", re.compile(r"hf_hub_download|snapshot_download|urlretrieve|download_(file|fileobj|to_filename|blob)")),
    ("preparation", re.compile(rf"preprocess(_.*)?|(process|prepare|transform)_(\w+_)?{_THINGS}(_.*)?")),
    ("evaluation", re.compile(r"evaluate_\w*(model|pipeline|classifier|performance|predictions)\w*")),
)
_CHECKS = re.compile(r"(?i).*drift\w*\.(check|detect|run|compute|calculate)\w*")
_LOADERS = frozenset(
    {
        "spacy.load",
        "torch.hub.load",
        "yfinance.download",
        "whisper.load_model",
        "sentence_transformers.SentenceTransformer",
    }
)
_READERS = re.compile(
    r"xarray\.(open|load)_\w+|rasterio\.open|librosa\.load|soundfile\.read|torchaudio\.load|nibabel\.load|cv2\.imread"
    r"|PIL\.Image\.open|(skimage|imageio)(\.\w+)*\.imread|pydicom\.(dcmread|read_file)|h5py\.File|scipy\.io\.(loadmat|wavfile\.read)"
)
"""Readers of what models are trained on and is no table."""
_ANYTHING = re.compile(r"(pickle|dill|cloudpickle)\..*|\?\.save|.*\.log_artifact|wandb\.save|sqlite3\.connect|csv\.\w+")
"""What stores and reads anything; it works on a model where the code beside it says so."""
_ABOUT_MODELS = re.compile(
    r"(?i)model|weights|checkpoint|estimator|pipeline|classif|scaler|encoder|vectori[sz]er|clf\b"
)


def work_of(module: Module, call: Call, *, deep: bool = True) -> str:
    """What a call does for a model, as one word; empty if nothing."""
    known = next((word for kind, word in _KINDS.items() if kind in call.kinds), "")
    if known:
        return known if not _ANYTHING.fullmatch(call.name) or _is_about_models(call) else ""
    if call.name in _LOADERS or call.method == "from_pretrained":
        return "loading" if call.name != "yfinance.download" else "reading"
    if named := work_by_name(call.method):
        return named
    if _READERS.fullmatch(call.name):
        return "reading"
    if _CHECKS.fullmatch(call.name):
        return "check for drift"
    return _own(module, call) if deep else ""


def work_by_name(name: str) -> str:
    """What a function does for a model, by its name."""
    return next((word for word, pattern in _NAMES if pattern.fullmatch(name.lower())), "")


def _is_about_models(call: Call) -> bool:
    """Whether the call's arguments, or the function around it, name a model."""
    return _ABOUT_MODELS.search(ast.unparse(call.node)) is not None or (
        _ABOUT_MODELS.search(call.function.name) is not None
    )


def _own(module: Module, call: Call) -> str:
    """What a function of the same file does for a model."""
    if not call.name.startswith(f"{module.name}."):
        return ""
    inner = _functions(module).get(call.name[len(module.name) + 1 :])
    if inner is None:
        return ""
    return next((word for each in inner.calls if (word := work_of(module, each, deep=False))), "")


def _functions(module: Module) -> dict[str, Function]:
    return {function.qualname: function for function in module.functions}
