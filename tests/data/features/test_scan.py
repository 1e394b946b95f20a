"""Features are found without running anything."""

from __future__ import annotations

from solvent.data.features.definition import parse
from solvent.data.features.model import Feature
from solvent.data.features.scan import features_in


def scan(source: str) -> list[Feature]:
    return features_in("features.py", parse(source), source)


def test_arguments_are_read() -> None:
    source = '''
from solvent import feature
OWNER = "risk"
INPUTS = ["debt", "income"]

@feature(description="Debt per income.", owner=OWNER, inputs=INPUTS, name="debt_ratio", outputs=("debt_ratio", "r_*"))
def ratio(df):
    return df

@feature
async def plain(df):
    """What it means.

    More."""
'''
    ratio, plain = scan(source)
    assert (ratio.name, ratio.symbol, ratio.owner, ratio.description) == (
        "debt_ratio",
        "ratio",
        "risk",
        "Debt per income.",
    )
    assert (ratio.inputs, ratio.outputs, ratio.unread) == (("debt", "income"), ("debt_ratio", "r_*"), ())
    assert (ratio.place, ratio.source.splitlines()[1]) == ("features.py:7", "def ratio(df):")
    assert ratio.makes("r_1")
    assert not ratio.makes("x_1")
    assert (plain.name, plain.description, plain.inputs, plain.outputs) == ("plain", "What it means.", None, ("plain",))


def test_arguments_that_only_a_run_would_tell_are_named() -> None:
    (found,) = scan("import solvent\n@solvent.feature(owner=who(), inputs=[*x], onwer='a', **more)\ndef f(): ...\n")
    assert found.unread == ("owner", "inputs", "onwer", "**")
    assert found.inputs is None


def test_methods_inner_functions_and_branches_are_seen_and_the_last_definition_holds() -> None:
    source = """
import solvent
class A:
    @solvent.feature
    def f(self): ...
def outer():
    @solvent.feature
    def inner(): ...
if True:
    @solvent.feature(owner="a")
    def f(): ...
else:
    @solvent.feature(owner="b")
    def f(): ...
@other.feature
def g(): ...
"""
    assert [(each.symbol, each.owner) for each in scan(source)] == [
        ("A.f", ""),
        ("outer.<locals>.inner", ""),
        ("f", "b"),
    ]
