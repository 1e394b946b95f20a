"""50 rules with pandera on Polars: ``python rules_pandera.py FILE`` prints the peak memory in GB."""

import resource
import sys

import pandera.polars as pa
import polars as pl

WORDS = [f"c{number}" for number in range(20)]
columns = {f"x{place}": pa.Column(float, pa.Check.in_range(-10, 10)) for place in range(30)}
columns |= {f"n{place}": pa.Column(int, pa.Check.in_range(0, 1000)) for place in range(9)}
columns |= {f"t{place}": pa.Column(str, pa.Check.isin(WORDS)) for place in range(5)}
columns |= {f"t{place}": pa.Column(str, pa.Check.str_matches("^c[0-9]+$")) for place in range(5, 9)}
columns["id"] = pa.Column(int, unique=True)
pa.DataFrameSchema(columns).validate(pl.read_parquet(sys.argv[1]), lazy=True)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
