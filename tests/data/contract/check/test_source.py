"""Which table of a database is checked, and what is refused."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import duckdb
import pytest

from solvent.data.contract.check.source import check_source
from solvent.data.contract.model import Contract
from solvent.data.contract.read import contract_of
from solvent.data.errors import NoSuchTable
from solvent.errors import NotSupported


def contract(name: str = "orders", physical: str | None = None) -> Contract:
    called = {} if physical is None else {"physicalName": physical}
    table = {"name": name, **called, "properties": [{"name": "a", "logicalType": "integer", "required": True}]}
    kind = {"kind": "DataContract", "apiVersion": "v3.1.0", "id": "c", "version": "1.0.0", "status": "active"}
    return contract_of({**kind, "schema": [table]})


@pytest.fixture(params=["shop.duckdb", "shop.db"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    path = str(tmp_path / request.param)
    with duckdb.connect(path) as connection:
        connection.execute("CREATE TABLE orders AS SELECT 1::BIGINT AS a")
        connection.execute("CREATE TABLE fct_orders_v2 AS SELECT 1::BIGINT AS a FROM range(2)")
        connection.execute("CREATE SCHEMA sales")
        connection.execute("CREATE VIEW sales.orders AS SELECT 1::BIGINT AS a FROM range(3)")
        connection.execute('CREATE TABLE "sales.odd" AS SELECT 1::BIGINT AS a FROM range(4)')
        connection.execute("CREATE TABLE sales.odd AS SELECT 1::BIGINT AS a FROM range(5)")
    return path


@pytest.mark.parametrize(
    ("name", "physical", "rows"),
    [
        ("orders", None, 1),
        ("orders", "fct_orders_v2", 2),
        ("orders", "sales.orders", 3),
        ("Orders of the shop", "main.orders", 1),
        ("sales.orders", None, 3),
    ],
)
def test_the_table_is_the_one_that_the_contract_names(shop: str, name: str, physical: str | None, rows: int) -> None:
    report = check_source(shop, contract(name, physical)).report
    assert (report.verdict, report.rows, report.table, report.remarks) == ("passed", rows, name, [])


def test_the_name_will_do_where_there_is_no_table_of_the_physical_name(shop: str) -> None:
    report = check_source(shop, contract("orders", "prod.shop.orders")).report
    assert report.rows == 1
    assert report.remarks == ["there is no table 'prod.shop.orders' (the physicalName): the table 'orders' was checked"]


def test_a_table_that_is_not_there_is_told_with_those_that_are_the_nearest_first(shop: str) -> None:
    with pytest.raises(NoSuchTable) as raised:
        check_source(shop, contract("x", "fct_orders"))
    assert str(raised.value) == (
        f"expected the name of a table in '{Path(shop).name}', got 'fct_orders'; "
        "there is 'fct_orders_v2', 'orders', 'sales.orders', 'sales.odd'"
    )


def test_a_name_that_two_tables_have_is_refused(shop: str) -> None:
    with pytest.raises(NoSuchTable, match="several of that name"):
        check_source(shop, contract("sales.odd"))


def test_many_tables_are_not_all_listed(tmp_path: Path) -> None:
    path = str(tmp_path / "many.duckdb")
    with duckdb.connect(path) as connection:
        for number in range(30):
            connection.execute(f"CREATE TABLE t{number} (a BIGINT)")
    with pytest.raises(NoSuchTable, match=r"there is 't\d+'(, 't\d+'){9} and 20 more$"):
        check_source(path, contract("t3x"))


def test_sqlite_is_refused_in_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE orders (a INTEGER)")
    connection.close()
    with pytest.raises(NotSupported) as raised:
        check_source(path, contract())
    assert str(raised.value) == (
        "'shop.db' is an SQLite file, which is not read yet; export the table to CSV: "
        "sqlite3 -header -csv shop.db 'select * from ...' > table.csv"
    )
