"""50 rules with pointblank on Polars: ``python rules_pointblank.py FILE`` prints the peak memory in GB."""

import resource
import sys

import pointblank as pb
import polars as pl

WORDS = [f"c{number}" for number in range(20)]
asked = pb.Validate(pl.read_parquet(sys.argv[1]))
for place in range(30):
    asked = asked.col_vals_between(f"x{place}", -10, 10)
for place in range(9):
    asked = asked.col_vals_between(f"n{place}", 0, 1000)
for place in range(5):
    asked = asked.col_vals_in_set(f"t{place}", WORDS)
for place in range(5, 9):
    asked = asked.col_vals_regex(f"t{place}", "^c[0-9]+$")
assert asked.col_vals_not_null("id").rows_distinct(columns_subset="id").interrogate().all_passed()
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
