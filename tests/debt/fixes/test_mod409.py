"""Networks are switched to evaluation and back."""

from __future__ import annotations

import pytest

from tests.debt.fixes.helpers import mended, refusal

EPOCHS = """\
import torch

for epoch in range(10):
    for x, y in train_loader:
        model(x).backward()
    # look
    with torch.no_grad():
        for x, y in valid_loader:
            out = model(x)
    print(out)
"""
STAYS = "model stays in eval mode after the first epoch: call model.train() where each one begins"


def test_only_the_evaluation_is_in_evaluation_mode() -> None:
    assert mended(EPOCHS, "MOD409", "model(x)\n") == EPOCHS.replace(
        "    # look\n", "    model.eval()\n    # look\n"
    ).replace("    print", "    model.train()\n    print")


def test_in_functions_and_of_attributes() -> None:
    source = "class A:\n    def test(self, loader):\n        for x in loader:\n            s += self.model.forward(x)\n        return s\n"

    assert mended(source, "MOD409", "self.model.forward") == source.replace(
        "        for", "        self.model.eval()\n        for"
    ).replace("        return", "        self.model.train()\n        return")


def test_each_epoch_begins_in_training_mode() -> None:
    source = EPOCHS.replace("    # look\n", "    model.eval()\n")
    wanted = source.replace("    for x, y in train", "    model.train()\n    for x, y in train")

    assert mended(source, "MOD409", "model.eval", STAYS) == wanted
    calls = "for epoch in range(10):\n    train(model)\n    validate(model)\n"
    assert mended(calls, "MOD409", "for epoch", STAYS) == calls.replace("    train(", "    model.train()\n    train(")


@pytest.mark.parametrize(
    ("source", "needle", "message", "why"),
    [
        (
            "def f(loader):\n    for x in loader:\n        if x:\n            return model(x)\n",
            "model(x)",
            "",
            "left within",
        ),
        ("for x in loader:\n    y = models[0](x)\n", "models[0]", "", "no name"),
        ("for x in loader: y = model(x)\n", "y", "", "no call"),
        ("for epoch in range(10):\n    step()\n", "for epoch", STAYS, "not to be seen"),
        ("model.eval()\n", "model.eval", STAYS, "no loop"),
        ("for e in range(3): model.eval()\n", "model.eval", STAYS, "shares its line"),
    ],
)
def test_what_is_left_alone(source: str, needle: str, message: str, why: str) -> None:
    assert why in refusal(source, "MOD409", needle, message)
