"""What commands share."""

from __future__ import annotations

import click
import pytest

from solvent.cli.options import require


def test_a_missing_extra_is_named_with_how_to_get_it() -> None:
    with pytest.raises(click.ClickException) as caught:
        require("surely_not_installed.part", "data")
    assert caught.value.message == (
        "this needs surely_not_installed, which comes with the extra [data]: pip install 'solvent[data]'"
    )
    assert require("json", "data").dumps([1]) == "[1]"
