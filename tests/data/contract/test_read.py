"""What is wrong with a contract is one line: the file, the line, the place, what was expected, what came."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from solvent.data.contract.names import nearest
from solvent.data.contract.read import contract_of, parse_contract, read_contract
from solvent.data.contract.yaml_text import MAX_BYTES
from solvent.data.errors import InvalidContract

LOANS = """\
apiVersion: v3.1.0
kind: DataContract
id: loans
version: 1.0.0
status: active
schema:
  - name: loans
    customProperties: [{property: solventExtraColumns, value: refuse}]
    properties:
      - {name: id, logicalType: integer, primaryKey: true}
      - name: age
        physicalType: int
        logicalType: integer
        required: true
        logicalTypeOptions: {minimum: 18, maximum: 120}
        customProperties: [{property: solventRole, value: feature}]
        quality:
          - {metric: nullValues, mustBeLessThan: 5, unit: percent, severity: low}
          - {type: custom, engine: solvent, implementation: {rule: finite, allowed: 1 %}}
      - name: kind
        logicalType: string
        logicalTypeOptions: {pattern: "^[A-Z]+$"}
        quality: [{metric: invalidValues, arguments: {validValues: [A, B]}, mustBe: 0}]
    quality:
      - {metric: rowCount, mustBeGreaterThan: 10}
      - {type: sql, query: "select count(*) from {object}", mustBe: 4}
      - {metric: duplicateValues, arguments: {properties: [age, kind]}, mustBe: 0}
"""


def refused(text: str) -> str:
    with pytest.raises(InvalidContract) as caught:
        parse_contract(text, "c.yaml")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("required: true", "requird: true", "line 14, schema[0].properties[1].requird: unknown key 'requird'; did you mean 'required'?"),
        ("solventRole", "solventRol", "line 16, schema[0].properties[1].customProperties[0].property: unknown property 'solventRol'; did you mean 'solventRole'?"),
        ("value: feature", "value: featur", "solventRole can't be 'featur'; did you mean 'feature'?"),
        ("solventExtraColumns, value: refuse", "solventRole, value: id", "'solventRole' belongs to a column, not to a table"),
        ("minimum: 18", "minumum: 18", "unknown key 'minumum'; did you mean 'minimum'?"),
        ("minimum: 18", "minimum: 121", "no value lies between 121 and 120"),
        ("metric: rowCount", "metric: rowCnt", "'rowCnt' is not known; did you mean 'rowCount'?"),
        ("{metric: rowCount", "{rule: rowCount", "'rule' became 'metric' in version 3.1"),
        ("severity: low", "severity: lowww", "the severity 'lowww' is not known; did you mean 'low'?"),
        ("unit: percent", "unit: percnt", "the unit 'percnt' is not known; did you mean 'percent'?"),
        ("engine: solvent", "engine: solvnt", "unknown engine 'solvnt'; did you mean 'solvent'?"),
        ("rule: finite", "rule: finit", "unknown rule 'finit'; did you mean 'finite'?"),
        ("allowed: 1 %", "alowed: 1", "unknown key 'alowed' of the rule finite; did you mean 'allowed'?"),
        ("allowed: 1 %", "allowed: some", "expected a number of rows or a text such as '1.5 %', came 'some'"),
        ("{validValues", "{validValue", "unknown argument 'validValue'; did you mean 'validValues'?"),
        ("[age, kind]", "[age, knd]", "there is no column 'knd' in the contract; did you mean 'kind'?"),
        ("{object}", "{objekt}", "unknown variable {objekt}"),
        ("mustBe: 4", "mustBe: four", "expected a number, came 'four'"),
        (", mustBe: 4", "", "expected exactly one operator"),
        ("mustBe: 4", "mustBe: 4, mustNotBe: 5", "expected exactly one operator"),
        ("^[A-Z]+$", "(?=a)", "looks ahead or behind"),
        ("^[A-Z]+$", "[", "no regular expression"),
        ("name: kind", "name: id", "a second column 'id'"),
        ("status: active", "status: actve", "line 5, status: the status 'actve' is not known; did you mean 'active'?"),
        ("version: 1.0.0\n", "", "'version' is missing here"),
        ("apiVersion: v3.1.0", "apiVersion: v2.2.2", "expected a contract of the standard's version 3, came 'v2.2.2'"),
        ("id: loans", "id: loans\nid: other", "line 4, column 1: not valid YAML: 'id' stands here twice"),
        ("value: refuse", "value: .nan", "expected a number, came nan"),
        ("value: refuse", "value: !!binary aGk=", "expected text, numbers or lists, came bytes"),
        ("value: refuse", "value: !!python/object:os.system x", "not valid YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_place(old: str, new: str, message: str) -> None:
    assert LOANS.count(old) >= 1
    assert message in refused(LOANS.replace(old, new, 1))


def test_the_untouched_one_is_a_contract() -> None:
    contract = parse_contract(LOANS, "c.yaml")
    assert (contract.id, contract.version, contract.status) == ("loans", "1.0.0", "active")
    assert contract.tables[0].extra_columns == "refuse"
    assert [column.role for column in contract.tables[0].columns] == [None, "feature", None]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("- a", "came list"),
        ("just words", "came str"),
        ("a: [", "not valid YAML"),
        ("a: b: c", "not valid YAML"),
        ("[" * 200, "deeper than 60 levels"),
        ("[" * 500_000, "deeper than 60 levels|nesting depth"),
        ("? [a]\n: b", "a key must be a plain word"),
        ("a: &a [*a]", "an alias stands for what it is part of"),
        ("a: !!int x", "not usable YAML"),
        ("x" * (MAX_BYTES + 1), "larger than"),
    ],
    ids=range(11),
)
def test_what_is_no_contract_at_all(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "c.yaml"
    file.write_text(text)
    with pytest.raises(InvalidContract, match=message):
        read_contract(file)


@pytest.mark.parametrize("merge", ["", "<<: "])
def test_a_few_lines_can_not_fill_the_memory(merge: str) -> None:
    lines = ["a0: &a0 {k: v}" if merge else "a0: &a0 [x, x]"]
    for number in range(1, 40):
        inner = f"*a{number - 1}, *a{number - 1}"
        lines.append(f"a{number}: &a{number} " + (f"{{<<: [{inner}]}}" if merge else f"[{inner}]"))
    assert "its aliases unfold to more than" in refused("\n".join(lines))


def test_aliases_are_allowed() -> None:
    text = LOANS.replace("{minimum: 18, maximum: 120}", "&o {minimum: 18}").replace("{pattern:", "{pattern:")
    assert parse_contract(text, "c").document["schema"][0]["properties"][1]["logicalTypeOptions"] == {"minimum": 18}


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InvalidContract, match="is not there: correct the name"):
        read_contract(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_bytes(b"id: \xff")
    with pytest.raises(InvalidContract, match="not UTF-8"):
        read_contract(tmp_path / "bad.yaml")
    with pytest.raises(InvalidContract, match="can't be read"):
        read_contract(tmp_path)


def test_a_program_may_make_a_document() -> None:
    with pytest.raises(InvalidContract, match=r"^the draft, kind: 'X' is not known"):
        contract_of({"apiVersion": "v3.1.0", "kind": "X", "id": "a", "version": "1.0.0"}, "the draft")


def test_the_known_names_are_listed_when_none_is_near() -> None:
    assert nearest("zzz", ["a", "b"]) == ": known are a, b"


@pytest.mark.parametrize("number", [10**400, float("nan"), float("inf")], ids=["large", "nan", "inf"])
def test_numbers_that_nothing_can_be_compared_with(number: float) -> None:
    document = yaml.safe_load(LOANS)
    document["schema"][0]["quality"] = [{"type": "library", "metric": "rowCount", "mustBe": number}]
    with pytest.raises(InvalidContract, match="number"):
        contract_of(document)


def test_names_of_columns_that_are_no_names() -> None:
    document = yaml.safe_load(LOANS)
    rule = {"rule": "unique", "columns": [["a"]]}
    document["schema"][0]["quality"] = [{"type": "custom", "engine": "solvent", "implementation": rule}]
    with pytest.raises(InvalidContract, match="no column"):
        contract_of(document)


@pytest.mark.parametrize(("operator", "value"), [("mustBe", [1, 2]), ("mustBe", []), ("mustBeBetween", 1)])
def test_an_operator_has_the_numbers_that_it_needs(operator: str, value: object) -> None:
    document = yaml.safe_load(LOANS)
    document["schema"][0]["quality"] = [{"type": "library", "metric": "duplicateValues", operator: value}]
    with pytest.raises(InvalidContract):
        contract_of(document)
    document["schema"][0]["quality"] = []
    document["schema"][0]["properties"][1]["quality"] = [{"metric": "nullValues", operator: value}]
    with pytest.raises(InvalidContract, match=r"number|exactly one operator"):
        contract_of(document)
