"""A model is trained and kept or served, and nothing written says what it was made of and how good it is.

## What it does
Finds projects whose programs train a model and save, register or serve it, and that have neither a model card or data
card, nor a README that tells both about the data and about how the model performs. It speaks once for the repository.

## Why is this bad?
Whoever uses the model can't tell what it is for, on which data it was trained and where it fails. (Cultural debt,
Sculley et al. 2015; model cards, Mitchell et al. 2019; datasheets, Gebru et al. 2021.)

## Example
```text
# churn
pip install -r requirements.txt && python train.py
```

## Use instead
```text
# churn
## Data
120,000 customers of 2023, one row per month; see DATA.md.
## Results
AUC 0.84 on the last quarter; 0.71 for customers of less than three months, who should not be scored.
```

## Limits
Silent about libraries and tools, which train what others give them: only programs of the project that train and keep
a model count, and not those of a package that installs commands and holds neither data nor a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from solvent.debt.findings import REPOSITORY, Found, Spot
from solvent.debt.project.manifests import manifests_of
from solvent.debt.project.project import Entry, Project
from solvent.debt.project.work import reached_work
from solvent.debt.rule import project_rule
from solvent.debt.sources.roles import role_of

_CARD = re.compile(
    r"(model|data(set)?)[_\- ]?(card|sheet)|datasheet|modelcard|(^|/)(data|model)s?\.(md|rst)$|model_?docs?",
    re.IGNORECASE,
)
_README = re.compile(r"^(.*/)?readme(\.(md|rst|txt|markdown))?$", re.IGNORECASE)
_HEADING = re.compile(
    r"^(?:#{1,6}\s*(.+?)\s*#*|(.+)\n[=\-~^\"]{3,})\s*$|^\s*(?:\*\*|__)(.+?)(?:\*\*|__):?\s*$", re.MULTILINE
)
_TREE = re.compile(r"^.*[│├└].*$", re.MULTILINE)
"""Lines of a drawn folder tree: that there is a folder of data tells nothing of the data."""
_TOPICS = {
    "the data": (
        re.compile(r"\bdata|input|feature|corpus|source|daten|datos|dados|données", re.IGNORECASE),
        re.compile(
            r"\bdata ?sets?\b[^.\n]{0,80}\b(contain|consist|from|include|of|has|with|rows|provided|available|download)"
            r"|\b(trained|train|fitted|evaluated)\b[^.\n]{0,40}\bon\b|\b(kaggle|uci|hugging ?face)\b[^\n]*\bdata"
            r"|\b\d[\d,. ]*k?\s+(rows|samples|records|images|observations|customers|documents|sentences)",
            re.IGNORECASE,
        ),
    ),
    "how well the model does": (
        re.compile(
            r"result|performance|evaluat|metric|accurac|benchmark|score|limitation|intended|bias|quality|model card"
            r"|leaderboard|ergebnis|resultad",
            re.IGNORECASE,
        ),
        re.compile(
            r"\b(accuracy|auc|roc[- ]auc|f1|precision|recall|rmse|mae|mse|mape|r2|r²|r\^2|dice|iou|map|bleu|perplexity|wer|error)\b"
            r"[^\n]{0,40}\d",
            re.IGNORECASE,
        ),
    ),
}
_OWN = re.compile(
    r"\.(csv|tsv|parquet|feather|xlsx?|pkl|pickle|joblib|h5|hdf5|keras|pt|pth|onnx|npz?|arff|dvc)$", re.IGNORECASE
)
_KEEPS = ("saves_model", "logs_model", "serves")


@project_rule("NBK903", "undocumented-model", severity="low", minutes=30, evidence="P")
def check(project: Project) -> Iterator[Found]:
    entry = next((entry for entry in project.entries if _keeps_a_model(project, entry)), None)
    if entry is None or _is_tool(project) or any(_CARD.search(path) for path in project.paths):
        return
    readmes = [path for path in project.paths if _README.match(path)]
    missing = _missing("\n".join(project.text(path) or "" for path in readmes[:50]))
    if missing:
        where = "the README says nothing about" if readmes else "no README or model card tells about"
        message = f"{entry.place.file.path} trains a model that is kept, and {where} {' and '.join(missing)}: add a model card"
        yield Found(Spot(REPOSITORY), message, subject="model card")


def _is_tool(project: Project) -> bool:
    """Whether it installs commands and holds neither data nor a model of its own: it trains what others give it."""
    commands = any(manifest.scripts for manifest in manifests_of(project).manifests)
    own = (path for path in project.paths if _OWN.search(path) and role_of(path) not in ("test", "docs", "example"))
    return commands and next(own, None) is None


def _keeps_a_model(project: Project, entry: Entry) -> bool:
    """Whether a program reads data, trains on it, and keeps or serves the model."""
    kinds = reached_work(project, entry.place, "trains", *_KEEPS)
    return "trains" in kinds and not kinds.isdisjoint(_KEEPS)


def _missing(text: str) -> list[str]:
    text = _TREE.sub("", text)
    headings = "\n".join(next(filter(None, found), "") for found in _HEADING.findall(text))
    return [
        topic for topic, (heading, prose) in _TOPICS.items() if not heading.search(headings) and not prose.search(text)
    ]
