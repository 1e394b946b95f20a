"""Which calls keep a model: files, registries, checkpoints; and which only keep something else."""

from __future__ import annotations

import ast
import re

from solvent.debt.practice.training import NO_MODEL_CLASSES, receiver_name
from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.nodes import argument, text_of

_KINDS = frozenset({"saves_model", "logs_model", "autologs"})
_SAVE = frozenset(
    {"save", "saves", "dump", "dumps", "pickle", "checkpoint", "checkpointer", "persist", "serialize"}
    | {"serialise", "onnx", "modelcheckpoint", "checkpointmanager", "saver", "checkpointing"}
)
_PUT = frozenset({"register", "upload", "push", "store", "publish", "export", "log", "write", "deploy", "promote"})
_MODEL_WORDS = frozenset(
    {"model", "models", "weights", "pipeline", "estimator", "classifier", "regressor", "artifact"}
    | {"artifacts", "hub", "hf", "ckpt", "network", "best"}
)
_OTHER_WORDS = frozenset(
    {"fig", "figure", "plot", "plots", "image", "images", "img", "csv", "json", "yaml", "yml", "txt", "text", "html"}
    | {"pdf", "result", "results", "metric", "metrics", "report", "config", "param", "params", "table", "data"}
    | {"dataset", "df", "dataframe", "prediction", "predictions", "submission", "summary", "score", "scores"}
    | {"history", "scaler", "encoder", "vectorizer", "tokenizer", "features", "labels", "frame", "frames", "video"}
    | {"audio", "wav", "npy", "npz", "stats", "log", "logs", "excel", "parquet", "chart", "graph", "mask", "masks"}
)
_OTHER_MODULES = (
    "json.",
    "yaml.",
    "toml.",
    "numpy.",
    "ruamel.",
    "PIL.",
    "cv2.",
    "matplotlib.",
    "soundfile.",
    "imageio.",
)
_SAVING_TRAINERS = (
    "pytorch_lightning.",
    "lightning.",
    "transformers.",
    "ultralytics.",
    "autogluon.",
    "flair.",
    "detectron2.",
    "sagemaker.",
    "azureml.",
    "google.cloud.",
    "fastai.callback",
    "trl.",
    "setfit.",
    "simpletransformers.",
    "kfp.",
    "pycaret.",
    "keras_tuner.",
    "kerastuner.",
    "stable_baselines3.common.callbacks",
    "fasttext.",
    "spacy.",
    "nemo.",
)
"""Libraries whose training writes checkpoints by itself."""
_OTHER_NAME = re.compile(
    r"(?i)scaler|encoder$|encoders$|vectori[sz]er|tokeni[sz]er|imputer|pca|column|feature|metric|history"
    r"|config|param|mapping|label|dataset|^df|frame|^[xy]_|^[xy]$|vocab|score|report|loss|embedding|predictions?$|preds$"
    r"|word2|index|preprocess|threshold|split|fold|sample|emb$|cols$|medians?$|means?$"
)
_MODEL_NAME = re.compile(r"(?i)model|clf|classif|regr|estimator|net\b|pipe|forest|booster|checkpoint|state|weights")
_OTHER_FILE = re.compile(r"(?i).*\.(png|jpe?g|svg|csv|json|ya?ml|txt|html?|pdf|md|parquet|log|npy|npz|tsv|xlsx)")
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def keeps_model(module: Module, call: Call) -> bool:
    """Whether a call keeps, or may keep, a model."""
    if not _KINDS.isdisjoint(call.kinds):
        return "autologs" in call.kinds or not _keeps_other(module, call)
    if call.method in ("fit", "train") and _is_trainer(module, call):
        return True
    return sounds_like_saving(call.name)


def _is_trainer(module: Module, call: Call) -> bool:
    """Whether a trainer of unknown class runs: Lightning's and transformers' write checkpoints by themselves."""
    name = receiver_name(call)
    unknown = call.name.startswith("?") or call.name == f"{name}.{call.method}"
    return unknown and name.lower().endswith("trainer") and name not in module.names.imported


def sounds_like_saving(name: str) -> bool:
    """Whether a called name says that a model is kept.

    >>> sounds_like_saving("utils.save_model"), sounds_like_saving("?.save_plot"), sounds_like_saving("json.dump")
    (True, False, False)
    """
    if name.startswith(_OTHER_MODULES):
        return False
    last = name.rpartition(".")[2]
    if name.startswith(_SAVING_TRAINERS) and last in ("fit", "train", "Trainer", "tune", "train_supervised"):
        return True
    words = {word.lower() for word in _WORDS.findall(last)} | {last.lower()}
    if not words.isdisjoint(_MODEL_WORDS):
        return not words.isdisjoint(_SAVE | _PUT)
    return not words.isdisjoint(_SAVE) and words.isdisjoint(_OTHER_WORDS)


def _keeps_other(module: Module, call: Call) -> bool:
    """Whether what a saving call is given is surely no model: a scaler, a table, a picture."""
    if call.method not in ("dump", "dumps", "save", "log_artifact") or (
        call.method == "save" and call.name != "torch.save"
    ):
        return False
    given = argument(call.node, 0, "obj") or argument(call.node, 0, "value") or argument(call.node, 0, "local_path")
    if call.method == "log_artifact":
        return isinstance(given, ast.JoinedStr | ast.Constant) and bool(_OTHER_FILE.fullmatch(_end(given)))
    given = _unwrapped(given)
    if not isinstance(given, ast.Name | ast.Attribute):
        return False
    name = given.id if isinstance(given, ast.Name) else given.attr
    kind = module.names.type_of(given, call.function) or ""
    if NO_MODEL_CLASSES.fullmatch(kind) or kind.startswith(("pandas.", "numpy.")) or kind in ("str", "int"):
        return True
    return bool(_OTHER_NAME.search(name)) and not _MODEL_NAME.search(name)


def _unwrapped(node: ast.expr | None) -> ast.expr | None:
    """What is listed or sorted: ``columns`` of ``list(columns)`` and ``columns.tolist()``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("list", "sorted", "set"):
        return node.args[0] if node.args else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("tolist", "to_list"):
        return node.func.value
    return node


def _end(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return text_of(node.values[-1]) or "" if node.values else ""
    return text_of(node) or ""
