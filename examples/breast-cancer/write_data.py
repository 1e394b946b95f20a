"""Write data/tumours.csv from the file that scikit-learn ships: done once, by ``python write_data.py``."""

from __future__ import annotations

from sklearn.datasets import load_breast_cancer

import data

if __name__ == "__main__":
    measures, benign = load_breast_cancer(return_X_y=True, as_frame=True)
    tumours = measures.rename(columns=lambda name: name.replace(" ", "_")).assign(malignant=benign == 0)
    data.FILE.parent.mkdir(exist_ok=True)
    tumours.to_csv(data.FILE, index=False, lineterminator="\n")
