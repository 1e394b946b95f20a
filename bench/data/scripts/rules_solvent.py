"""50 rules with Solvent: ``python rules_solvent.py FILE`` prints the peak memory in GB."""

import resource
import sys

from solvent.data.contract.check.source import check_source
from solvent.data.contract.model import ColumnContract, Contract, RowRule, TableContract
from solvent.data.engine.conditions import Condition, InRange, Matches, NotNull, OneOf, Unique

WORDS = tuple(f"c{number}" for number in range(20))
columns = [ColumnContract(f"x{place}", "number") for place in range(30)]
columns += [ColumnContract(f"n{place}", "integer") for place in range(10)]
columns += [ColumnContract(f"t{place}", "string") for place in range(9)]
columns.append(ColumnContract("id", "integer"))
asked: list[Condition] = [InRange(f"x{place}", -10, 10) for place in range(30)]
asked += [InRange(f"n{place}", 0, 1000) for place in range(9)]
asked += [OneOf(f"t{place}", WORDS) for place in range(5)]
asked += [Matches(f"t{place}", "c[0-9]+") for place in range(5, 9)]
asked += [NotNull("id"), Unique(("id",))]
assert len(asked) == 50
table = TableContract("rows", tuple(columns), tuple(RowRule(str(place), one) for place, one in enumerate(asked)))
report = check_source(sys.argv[1], Contract("rows", "1.0.0", "active", (table,), "", {})).report
assert report.verdict == "passed"
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)
