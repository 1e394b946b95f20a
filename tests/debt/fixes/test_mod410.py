"""Gradients are reset after the step."""

from __future__ import annotations

import pytest

from tests.debt.fixes.helpers import mended, refusal


@pytest.mark.parametrize(
    ("step", "reset"),
    [
        ("optimizer.step()", "optimizer.zero_grad()"),
        ("self.opts[0].step()", "self.opts[0].zero_grad()"),
        ("scaler.step(optimizer)", "optimizer.zero_grad()"),
        ("scheduler.step(); optimizer.step()", ""),
        ("optimizer.step(closure())  # go", "optimizer.zero_grad()"),
    ],
)
def test_after_the_step(step: str, reset: str) -> None:
    source = f"for x in loader:\n    loss(x).backward()\n    {step}\n    print(x)\n"

    if reset:
        assert mended(source, "MOD410", "loss(x).back") == source.replace("    print", f"    {reset}\n    print")
    else:
        assert "shares its line" in refusal(source, "MOD410", "loss(x).back")


def test_accumulated_gradients_stay_until_the_step() -> None:
    source = "for n, x in enumerate(loader):\n    loss(x).backward()\n    if n % 4 == 0:\n        opt.step()\n"

    assert mended(source, "MOD410", "loss(x)") == source + "        opt.zero_grad()\n"


def test_the_optimizer_that_the_finding_names() -> None:
    source = "for x in loader:\n    loss(x).backward()\n    first.step()\n    sched.step()\n    second.step()\n"

    message = "gradients add up: call second.zero_grad() in this loop before backward()"
    assert mended(source, "MOD410", "loss(x)", message) == source + "    second.zero_grad()\n"


def test_a_step_that_is_elsewhere() -> None:
    assert "not in the same function" in refusal(
        "def back(x):\n    loss(x).backward()\n\n\nopt.step()\n", "MOD410", "loss(x)"
    )
    assert "no name" in refusal("for x in l:\n    loss(x).backward()\n    get().step()\n", "MOD410", "loss(x)")
