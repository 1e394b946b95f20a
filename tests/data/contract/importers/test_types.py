from __future__ import annotations

import pytest

from solvent.data.contract.importers.types import Type, type_named


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("int64", Type("integer", {"format": "i64"})),
        ("Int64", Type("integer", {"format": "i64"})),
        ("UInt8", Type("integer", {"format": "u8"})),
        ("int64[pyarrow]", Type("integer", {"format": "i64"})),
        ("BIGINT", Type("integer", {})),
        ("LongType", Type("integer", {"format": "i64"})),
        ("Float32", Type("number", {"format": "f32"})),
        ("Decimal(28, 0)", Type("number", {})),
        ("DECIMAL(10,2)", Type("number", {})),
        ("string[python]", Type("string", {})),
        ("VARCHAR(20)", Type("string", {})),
        ("<class 'str'>", Type("string", {})),
        ("datetime64[ns]", Type("timestamp", {})),
        ("datetime64[ns, Europe/Paris]", Type("timestamp", {"timezone": True})),
        ("Datetime(time_unit='us', time_zone=None)", Type("timestamp", {})),
        ("Datetime(time_unit='us', time_zone='UTC')", Type("timestamp", {"timezone": True})),
        ("List(Int64)", Type("array", {})),
        ("date", Type("date", {})),
        ("bool", Type("boolean", {})),
        ("object", None),
        ("category", None),
        ("timedelta64[ns]", None),
        ("complex128", None),
        ("", None),
    ],
)
def test_names_of_types_in_many_libraries(name: str, found: Type | None) -> None:
    assert type_named(name) == found
