"""50 rules with Great Expectations on pandas: ``python rules_great_expectations.py FILE`` prints the peak memory in GB."""

import resource
import sys

import great_expectations as gx
import pandas as pd

e = gx.expectations
WORDS = [f"c{number}" for number in range(20)]
asset = gx.get_context(mode="ephemeral").data_sources.add_pandas("files").add_dataframe_asset("rows")
batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": pd.read_parquet(sys.argv[1])})
asked = [e.ExpectColumnValuesToBeBetween(column=f"x{place}", min_value=-10, max_value=10) for place in range(30)]
asked += [e.ExpectColumnValuesToBeBetween(column=f"n{place}", min_value=0, max_value=1000) for place in range(9)]
asked += [e.ExpectColumnValuesToBeInSet(column=f"t{place}", value_set=WORDS) for place in range(5)]
asked += [e.ExpectColumnValuesToMatchRegex(column=f"t{place}", regex="^c[0-9]+$") for place in range(5, 9)]
asked += [e.ExpectColumnValuesToNotBeNull(column="id"), e.ExpectColumnValuesToBeUnique(column="id")]
assert batch.validate(gx.ExpectationSuite(name="rules", expectations=asked)).success
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
