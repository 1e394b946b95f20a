"""Which calls train a model, as far as one file tells: a scaler's ``fit`` and a mode's ``train()`` do not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from solvent.debt.syntax.functions import Call
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.names import UNKNOWN
from solvent.debt.syntax.nodes import LOOPS, ancestors

_NO_MODEL = re.compile(
    r"(?i)scaler|encoder|imput|vectori|tokeni|tfidf|transform|binari[sz]|normali|standardi|preproc|pca|svd|umap|tsne"
    r"|select|explain|kmeans|cluster|_ct$|^(le|ohe|enc|sc|ss|mms|mm|cv|tf|poly|ct|lda|lbl|mlb|lb|figure|ax|curve|popt"
    r"|dist|kde|self|cls|fitter|augment|datagen|generator|vocab|bpe|spm|selector|search|study|calib.*|label.*|feature.*"
    r"|dummy.*|baseline_scal.*|.*trainer)$"
)
"""Names of what is fitted and is no model."""
_MODEL = re.compile(
    r"(?i)model|clf|classif|regr|estimator|net(work)?\d*$|pipe|forest|xgb|lgb|lgbm|catboost|boost|svm|svc|knn|logreg"
    r"|learner|autoencoder|^(lr|rf|dt|gb|gbm|nb|gnb|mlp|lasso|ridge|cnn|rnn|lstm|gan|vae|ae|unet|nn|reg|lin|est|algo"
    r"|dnn|ann|bert|prophet|arima|sgd|tree|et|ada|booster|m)\d*$|_(lr|rf|dt|gb|nb|mlp|reg|nn)$"
)
_METHODS = frozenset({"fit", "train", "partial_fit", "fit_generator", "learn"})
NO_MODEL_CLASSES = re.compile(
    r".*(Dummy|Scaler|Encoder|Imputer|Vectorizer|Transformer|Tokenizer|Binarizer|Explainer|Selector|PCA|SVD|NMF|TSNE"
    r"|UMAP|RFE|RFECV|Boruta\w*|SelectFromModel|Discretizer|Calibrat\w+|KDE|DBSCAN|OPTICS|Agglomerative\w+|KMeans|Birch"
    r"|SpectralClustering|MeanShift|AffinityPropagation|GaussianMixture|LatentDirichletAllocation|NearestNeighbors"
    r"|KernelDensity|Detector|Fitter|GLM|OLS|Logit|Probit|GridSearchCV|SearchCV|Generator|BpeTrainer|Visualizer)"
)
_ANALYSES = ("statsmodels.", "scipy.", "lifelines.", "yellowbrick.", "shap.", "lime.", "sklearn.model_selection.")


def receiver_name(call: Call) -> str:
    """The last name of what a method is called on: ``model`` of ``self.model.fit``; empty if it has none."""
    node: ast.expr | None = call.receiver
    while isinstance(node, ast.Call | ast.Subscript | ast.Await):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def trains_model(call: Call) -> bool:
    """Whether a call trains a model that somebody may want to keep."""
    if "trains" not in call.kinds or call.method not in _METHODS:
        return False
    owner = call.name.rpartition(".")[0]
    if owner.startswith(_ANALYSES):
        return False
    if receiver_name(call) in ("self", "super"):
        return False
    if not owner.startswith(UNKNOWN) and _is_class(owner):
        return NO_MODEL_CLASSES.fullmatch(owner) is None
    if call.method == "train" and owner in ("xgboost", "lightgbm", "catboost", "xgboost.sklearn"):
        return True
    name = receiver_name(call)
    if not name or _NO_MODEL.search(name):
        return False
    given = len(call.node.args) + sum(each.arg is not None for each in call.node.keywords)
    if _MODEL.search(name):
        return given >= 1
    return call.method in ("fit", "partial_fit") and given >= 2


def _is_class(owner: str) -> bool:
    return owner.rpartition(".")[2][:1].isupper()


def training_calls(module: Module) -> list[Call]:
    """All calls that train a model, in the order of the source; the loss of a PyTorch loop goes backward in the last."""
    found = [call for call in module.calls_of("trains") if trains_model(call)]
    return sorted([*found, *torch_steps(module)], key=lambda call: (call.line, call.node.col_offset))


def torch_steps(module: Module) -> Iterator[Call]:
    """``loss.backward()`` in functions that also step an optimizer, in a file that makes one for parameters."""
    if ".backward(" not in module.source or ".step(" not in module.source:
        return
    steps = {id(call.function) for call in module.calls if call.method == "step"}
    for call in module.calls:
        if call.method == "backward" and id(call.function) in steps and not call.name.startswith("torch.autograd"):
            yield call


def in_search(call: Call) -> bool:
    """Whether a training is one of many that are only compared: a fold, a trial, a value of a list of numbers."""
    if (
        re.search(
            r"(?i)objective|cross_?val|_cv$|fold|trial|learning_curve|grid_?search|tune|ablation|importance|hyperopt",
            call.function.qualname,
        )
        or "trial" in call.function.parameters
    ):
        return True
    for above in ancestors(call.node):
        if above is call.function.node:
            break
        if isinstance(above, LOOPS) and not isinstance(above, ast.While) and _searches(above):
            return True
    return False


def _searches(loop: ast.For | ast.AsyncFor) -> bool:
    if re.search(
        r"(?i)fold|split|n_splits|kf|trial|alphas|depths|neighbors|grid|combination|k_|ks$|ns$|_values|rates|sizes|max_|n_est",
        ast.unparse(loop.iter),
    ):
        return True
    return (
        isinstance(loop.iter, ast.Call)
        and isinstance(loop.iter.func, ast.Name)
        and loop.iter.func.id in ("range", "product")
        and not (
            "epoch" in ast.unparse(loop.target)
            or "epoch" in ast.unparse(loop.iter)
            or re.fullmatch(r"_|i|it|step|iteration", ast.unparse(loop.target))
        )
    )
