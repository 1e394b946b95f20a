"""What the contract of a project from elsewhere may try: it is refused in one line, or answered, and never for long."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from solvent.data.contract.check.source import check_source
from solvent.data.contract.lint import lint
from solvent.data.contract.read import contract_of, parse_contract, read_contract
from solvent.data.contract.write import write_document
from solvent.data.errors import InvalidContract

HEAD = {"kind": "DataContract", "apiVersion": "v3.1.0", "id": "c", "version": "1.0.0", "status": "active"}
DATA = pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]})


@pytest.fixture(autouse=True)
def soon() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < 30


def contract(*quality: dict[str, Any], **column: Any) -> dict[str, Any]:
    return {**HEAD, "schema": [{"name": "t", "properties": [{"name": "b", **column}], "quality": list(quality)}]}


def query(sql: str) -> dict[str, Any]:
    return {"type": "sql", "query": sql, "mustBe": 0}


def rule(**implementation: Any) -> dict[str, Any]:
    return {"type": "custom", "engine": "solvent", "implementation": implementation}


DOCUMENTS = {
    "huge": "a: " + "x" * 6_000_000,
    "deep": "a: " + "[" * 200_000,
    "deep mappings": "".join(f"{' ' * depth}a:\n" for depth in range(300)),
    "aliases": "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else '1'] * 10)}]" for n in range(12)),
    "merged": "\n".join(f"a{n}: &a{n} {{<<: {f'*a{n - 1}' if n else '{b: 1}'}, c{n}: 1}}" for n in range(3_000)),
    "many values": "a: [" + "1," * 600_000 + "]",
    "many keys": "\n".join(f"a{n}: 1" for n in range(200_000)),
    "not a mapping": "[" + "1," * 100_000 + "]",
    "long number": "a: " + "9" * 1_000_000,
    "long key": "x" * 1_000_000 + ": 1",
    "binary": "a: !!binary " + "A" * 1_000_000,
    "python": "a: !!python/object/apply:os.system [id]",
}


@pytest.mark.parametrize("text", DOCUMENTS.values(), ids=DOCUMENTS)
def test_documents_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "c.odcs.yaml"
    path.write_text(text)
    with pytest.raises(InvalidContract) as raised:
        read_contract(path)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 2_000


def test_a_document_with_thousands_of_errors_is_refused_at_the_first_ones() -> None:
    document = contract()
    document["schema"][0]["properties"] = [{"name": f"a{n}", "required": ["x" * 1_000]} for n in range(20_000)]
    with pytest.raises(InvalidContract, match=r"schema\[0\]\.properties\[\d+\]\.required: expected boolean") as raised:
        contract_of(document)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize(
    "pattern",
    ["[" * 1_000_000, "(a" * 1_000_000, "(a|" * 3_000, "a{1000}" * 1_000, "(((a{100}){100}){100}){100}", "(?:" * 3_000],
    ids=["classes", "groups", "alternatives", "long", "power", "open"],
)
def test_patterns_are_refused_or_answered(pattern: str) -> None:
    try:
        made = contract_of(contract(logicalType="string", logicalTypeOptions={"pattern": pattern}))
    except InvalidContract as error:
        assert "\n" not in str(error)  # noqa: PT017 - some are refused, some only fail
        return
    assert check_source(DATA, made).report.verdict == "failed"


def test_a_pattern_that_explodes_elsewhere_takes_linear_time() -> None:
    made = contract_of(contract(logicalType="string", logicalTypeOptions={"pattern": "^(a+)+$"}))
    assert check_source(pa.table({"b": ["a" * 50_000 + "!"]}), made).report.verdict == "failed"


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO '{place}/out.csv'",
        "ATTACH '{place}/other.duckdb' AS other",
        "SELECT count(*) FROM read_csv('{place}/secret.csv')",
        "SELECT count(*) FROM '{place}/secret.csv'",
        "SELECT count(*) FROM read_text('{place}/secret.csv')",
        "SELECT count(*) FROM glob('{place}/*')",
        "SELECT count(*) FROM query('COPY (SELECT 1) TO ''{place}/out.csv''')",
        "SELECT 1; COPY (SELECT 1) TO '{place}/out.csv'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "PRAGMA database_list",
        "EXPORT DATABASE '{place}/out'",
        "CREATE TABLE x AS SELECT 1",
        "SELECT " + "(" * 100_000 + "1" + ")" * 100_000,
        "SELECT " + "1+" * 100_000 + "1",
        "SELECT length(repeat('x', 10000000000))",
    ],
    ids=lambda sql: sql[:30],
)
def test_sql_reads_and_writes_nothing_but_the_data(tmp_path: Path, sql: str) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    sql = sql.replace("{place}", str(tmp_path))
    made = contract_of(contract(query(sql), rule(rule="sql", expression=f"({sql}) = 1")))
    report = check_source(DATA, made, examples=0).report
    answers = [one for one in report.checks if one.about == "rule"]
    assert [one.status for one in answers] == ["error", "error"]
    assert not any("\n" in one.reason or len(one.reason) > 1_000 for one in answers)
    assert [path.name for path in tmp_path.iterdir()] == ["secret.csv"]


def test_thousands_of_rules_are_answered_each() -> None:
    ranges = [rule(rule="range", minimum=number) for number in range(1_000)]
    others = [query("SELECT 1") for _ in range(100)] + [rule(rule="sql", expression="a > 1")] * 100
    document = contract(*others)
    document["schema"][0]["properties"] = [{"name": "a", "quality": ranges}, {"name": "b", "quality": ranges}]
    made = parse_contract(write_document(document), "c.odcs.yaml")
    report = check_source(DATA, made).report
    assert len([one for one in report.checks if one.about == "rule"]) == 2_200
    assert len(str(report.headline)) < 200
    assert lint(made)


def test_columns_that_are_not_there_are_told_soon() -> None:
    document = contract()
    document["schema"][0]["properties"] = [
        {"name": f"column {n} of the contract", "required": True} for n in range(1_000)
    ]
    frame = pa.table({f"column {n} of the data": [1] for n in range(1_000)})
    report = check_source(frame, contract_of(document)).report
    assert sum("did you mean" in one.reason for one in report.checks) >= 20
    assert report.verdict == "failed"
