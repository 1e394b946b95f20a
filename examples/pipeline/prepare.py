"""Read the wine data, split it, scale it by what the training part tells; keep both parts as files.

178 wines of three growers, 13 chemical measures each (Forina et al., 1991). The data ships with scikit-learn.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

import solvent

SPLIT_SEED = 1991


def parts() -> dict[str, pd.DataFrame]:
    """The training and the test part: scaled measures, and the grower as ``target``."""
    wines = load_wine(as_frame=True).frame
    train, test = train_test_split(wines, test_size=0.3, stratify=wines["target"], random_state=SPLIT_SEED)
    measures = wines.columns.drop("target")
    mean, spread = train[measures].mean(), train[measures].std()
    return {
        name: ((part[measures] - mean) / spread).assign(target=part["target"])
        for name, part in (("train", train), ("test", test))
    }


if __name__ == "__main__":
    with solvent.start_run(), tempfile.TemporaryDirectory() as folder:
        for name, part in parts().items():
            path = Path(folder) / f"{name}.csv"
            part.to_csv(path, index=False)
            solvent.log_artifact(str(path), "prepared")
            solvent.log_metric(f"{name}_rows", len(part))
