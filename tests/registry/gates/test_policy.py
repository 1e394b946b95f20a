"""Reading policies: what they may hold, what their parts mean together, and what is refused."""

from __future__ import annotations

import tomllib

import pytest

from solvent.registry.gates import policy
from solvent.registry.gates.errors import InvalidPolicy
from solvent.registry.gates.needs import NEEDS


def effective(text: str, model: str = "") -> policy.Policy:
    document = tomllib.loads(text)
    policy.check(document)
    base, own = policy.split(document)
    return policy.read(base, own.get(model, {}))


def test_a_models_own_lines_replace_those_of_the_whole() -> None:
    text = """
        [stage.Production]
        signature = true
        approvals = 1
        [models.fraud]
        level = "strict"
        [models.fraud.stage.Production]
        approvals = 2
        signature = false
        input_example = true
    """
    assert effective(text) == ("record", {"Production": {"signature": "inputs", "approvals": 1}})
    assert effective(text, "fraud") == (
        "strict",
        {"Production": {"from": ["Staging"], "input_example": True, "approvals": 2}},
    )


def test_strict_lets_no_version_into_production_but_from_staging() -> None:
    assert effective('level = "strict"').gates == {"Production": {"from": ["Staging"]}}
    with pytest.raises(InvalidPolicy, match="Production is entered from Staging alone"):
        effective('level = "strict"\n[stage.Production]\nfrom = ["None"]')
    with pytest.raises(InvalidPolicy, match="Production is entered from Staging alone"):
        effective('level = "strict"\n[stage.Production]\nfrom = false')
    with pytest.raises(InvalidPolicy, match="Production is entered from Staging alone"):
        effective('[stage.Production]\nfrom = ["None"]\n[models.m]\nlevel = "strict"')
    assert effective('[stage.Production]\nfrom = ["None", "Staging"]').gates["Production"]["from"] == [
        "None",
        "Staging",
    ]


@pytest.mark.parametrize(
    ("target", "gate"),
    [
        ("Production", "Production"),
        ("@production", "Production"),
        ("@PRODUCTION", "Production"),
        ("@Champion", "@champion"),
        ("Staging", "Staging"),
    ],
)
def test_an_alias_called_production_is_production(target: str, gate: str) -> None:
    assert effective("").gate_of(target) == gate


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('levle = "strict"', "unknown key 'levle' .*did you mean 'level'"),
        ('level = "strct"', "level must be record or strict, and is 'strct'; did you mean 'strict'"),
        ("[stage.Production]\nsignatur = true", "unknown key 'signatur' .*did you mean 'signature'"),
        ("[stage.Prodution]\nsignature = true", r"stage.Prodution has no gate: .*did you mean 'Production'"),
        ("[stage.Archived]\nsignature = true", "stage.Archived has no gate: expected Staging or Production"),
        ("[alias.Production]\nsignature = true", "is the stage Production to a gate"),
        ("[alias.latest]\nsignature = true", "reserved"),
        ("[alias.a]\nsignature = true\n[alias.A]\nsignature = true", "is there twice"),
        ("stage = 1", "stage must hold a table for each stage, and is 1"),
        ("[stage]\nProduction = 1", "stage.Production must be a table, and is 1"),
        ("models = 1", "models must hold a table for each model"),
        ("[models.m]\nstages = 1", "models.m has an unknown key 'stages' .*did you mean 'stage'"),
        ('[models."a/b"]', "cannot contain"),
        ('[stage.Production]\nsignature = "yes"', "stage.Production.signature must be inputs or whole, and is 'yes'"),
        ("[stage.Production]\ninput_example = 1", "input_example must be true or false, and is 1"),
        ("[stage.Production]\nfrom = []", "from must be a list of stages"),
        ('[stage.Production]\nfrom = ["Stagin"]', r"did you mean 'Staging'"),
        ('[stage.Production]\nstaging_time = "2 years"', "a time such as 30m, 12h, 2d or 1w, and is '2 years'"),
        ("[stage.Production]\napprovals = 0", "approvals must be from 1 to 20, and is 0"),
        ("[stage.Production]\napprovals = 1.5", "approvals must be"),
        ("[stage.Production]\nmetrics = 1", "metrics must be a list of tables, and is 1"),
        ("[stage.Production]\nmetrics = [{}]", r"metrics\[0\].name must be a text"),
        ('[stage.Production]\nmetrics = [{name = "f1", beter = "lower"}]', r"did you mean 'better'"),
        ('[stage.Production]\nmetrics = [{name = "f1", minimum = nan}]', "kept|must be a number"),
        (
            '[stage.Production]\nmetrics = [{name = "f1", significance = 5}]',
            "significance must be from 0 to 1, and is 5",
        ),
        (
            '[stage.Production]\nmetrics = [{name = "f1", margin = -0.1, significance = 0.1}]',
            "leave out significance",
        ),
        ('[stage.Production]\nslices = [{column = "c", metric = "f1"}]', "asks for nothing"),
        ('[stage.Production]\nslices = [{metric = "f1", gap = 1}]', r"slices\[0\].column must be a text"),
        ('[stage.Production]\ncontract = "newest"', "contract must be current, and is 'newest'"),
    ],
)
def test_what_can_not_hold_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(Exception, match=said) as error:
        effective(text)
    assert error.value.code == "INVALID_PARAMETER_VALUE"  # type: ignore[attr-defined]
    assert "\n" not in str(error.value)


def test_a_policy_is_bounded() -> None:
    with pytest.raises(InvalidPolicy, match="at most 262,144 are read"):
        policy.check({"models": {f"m{number}": {"level": "strict"} for number in range(20_000)}})


def test_the_digest_is_of_the_meaning() -> None:
    one = tomllib.loads('level = "strict"\n[stage.Staging]\nsignature = true\ninput_example = true')
    other = tomllib.loads('level = "strict"\n[stage.Staging]\ninput_example = true\nsignature = true')
    assert policy.digest(one) == policy.digest(other)
    assert policy.digest(one) != policy.digest({})


def test_each_need_can_be_written_as_its_form_says() -> None:
    for key, need in NEEDS.items():
        for form in need.form.split(" or "):
            assert key in effective(f"[stage.Production]\n{key} = {form}").gates["Production"]


def test_the_built_in_policy_can_be_read() -> None:
    policy.check(policy.BUILT_IN)
    assert policy.read(policy.BUILT_IN, {}).level == "record"
