"""A notebook's cells were not run from top to bottom, or can't be.

## What it does
Finds notebooks whose saved execution counts do not increase in written order, cells that use a name before any cell
above defines it, and cells that use a name that no cell defines. It speaks at each cell whose count is not higher than
that of the cell that was run above it, and at each cell with the first use of a name that is missing.

## Why is this bad?
The results that are shown come from a state that the notebook, as it is written, does not produce: run from the top
it fails or gives other numbers. (Hidden state; Pimentel et al. 2019: 4 % of notebooks reproduce their results.)

## Example
```python
# In [7]
model.fit(X, y)
# In [3]
X, y = load()
```

## Use instead
```python
# In [1]
X, y = load()
# In [2]
model.fit(X, y)
```

## Limits
Names in the bodies of functions may be defined later. Cells that were never run while others were are drafts, and
names of a cell that is saved with its error are no hidden state. Where a star import, `exec` or `globals()` may define
names, or a magic command mentions the name, it is silent about them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from solvent.debt.findings import Found
from solvent.debt.rule import module_rule
from solvent.debt.sources.notebook import Cell
from solvent.debt.syntax.module import Module
from solvent.debt.syntax.names import is_builtin
from solvent.debt.syntax.nodes import FUNCTIONS, LOOPS, ancestors

_KERNEL = frozenset(
    {"In", "Out", "get_ipython", "display", "exit", "quit", "spark", "sc", "sqlContext", "dbutils", "displayHTML"}
    | {
        "table",
        "sql",
        "unicode",
        "xrange",
        "raw_input",
        "reload",
        "basestring",
        "unichr",
        "long",
        "file",
        "WindowsError",
    }
)
"""What the programs that run notebooks define, and what Python 2 had."""
_DYNAMIC = frozenset({"exec", "execfile", "globals", "locals"})
_RUNS = re.compile(r"^\s*%(run|load|pylab|store|reload_kedro|load_ext\s+kedro)\b", re.MULTILINE)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_Place = tuple[int, int]


class _Use(NamedTuple):
    node: ast.Name
    cell: int


@module_rule(
    "NBK901",
    "out-of-order",
    severity="medium",
    minutes=15,
    evidence="N",
    preview=False,
    roles=("notebook",),
)
def check(module: Module) -> Iterator[Found]:
    if module.notebook is None:
        return
    cells = [cell for cell in module.notebook.cells if cell.python and cell.source.strip()]
    yield from _counts(module, cells)
    if any(alias.name == "*" for node in module.of(ast.ImportFrom) for alias in node.names):
        return
    if any(call.name in _DYNAMIC for call in module.calls) or any(_RUNS.search(cell.source) for cell in cells):
        return
    yield from _names(module, cells)


def _counts(module: Module, cells: list[Cell]) -> Iterator[Found]:
    """Cells that were run before the one above them, or in another session."""
    above: Cell | None = None
    for cell in cells:
        if cell.executed is None:
            continue
        if above is not None and above.executed is not None and cell.executed <= above.executed:
            message = f"cell [{cell.executed}] stands below [{above.executed}]: restart the kernel and run all cells"
            yield module.found(cell.first, message, subject=f"[{cell.executed}] below [{above.executed}]")
        above = cell


def _names(module: Module, cells: list[Cell]) -> Iterator[Found]:
    """Names that are used before they are defined, or defined nowhere."""
    defined = _definitions(module)
    hidden = _mentioned(module)
    was_run = any(cell.executed is not None for cell in cells)
    by_number = {cell.number: cell for cell in cells}
    early: list[tuple[_Use, int]] = []
    nowhere: dict[str, _Use] = {}
    cell_at = module.notebook.cell_at if module.notebook is not None else None
    assert cell_at is not None
    for node in module.of(ast.Name):
        name = node.id
        if not isinstance(node.ctx, ast.Load) or name in nowhere:
            continue
        first = defined.get(name)
        if first is not None and first <= (node.lineno, node.col_offset):
            continue
        if is_builtin(name) or name in _KERNEL or name in hidden or name.startswith("_"):
            continue
        number, _ = cell_at(node.lineno)
        cell = by_number.get(number)
        if cell is None or cell.failed or (was_run and cell.executed is None):
            continue
        if first is None:
            if any(isinstance(above, ast.Try) for above in ancestors(node)):
                continue
            nowhere[name] = _Use(node, number)
        elif _runs_at_once(node, name, same_cell=cell_at(first[0])[0] == number):
            early.append((_Use(node, number), cell_at(first[0])[0]))
    for uses in _by_cell(early):
        yield _early(module, uses)
    for missing in _by_cell([(use, 0) for use in nowhere.values()]):
        yield _nowhere(module, [use for use, _ in missing])


def _by_cell(uses: list[tuple[_Use, int]]) -> Iterator[list[tuple[_Use, int]]]:
    """The first use of each name, together with others of its cell."""
    cells: dict[int, dict[str, tuple[_Use, int]]] = {}
    seen: set[str] = set()
    for use, later in sorted(uses, key=lambda each: (each[0].node.lineno, each[0].node.col_offset)):
        if use.node.id not in seen:
            seen.add(use.node.id)
            cells.setdefault(use.cell, {})[use.node.id] = (use, later)
    return (list(found.values()) for found in cells.values())


def _early(module: Module, early: list[tuple[_Use, int]]) -> Found:
    use, later = early[0]
    name, others = use.node.id, [each.node.id for each, _ in early[1:]]
    where = f"cell {later}" if later != use.cell else "the same cell"
    message = f"{name} is used here and defined only later, in {where}{_more(others)}: move its definition up"
    return module.found(use.node, message, subject=name)


def _nowhere(module: Module, uses: list[_Use]) -> Found:
    name, *others = [use.node.id for use in uses]
    message = f"{name} is used and no cell defines it{_more(others)}: bring back the cell or the import that did"
    return module.found(uses[0].node, message, subject=name)


def _more(names: Iterable[str]) -> str:
    listed = list(names)
    return f" (so are {', '.join(listed[:4])}{', ...' if len(listed) > 4 else ''})" if listed else ""


def _definitions(module: Module) -> dict[str, _Place]:
    """The first place behind which each name has a value, wherever it is bound: in functions too."""
    found: dict[str, _Place] = {}

    def define(name: str | None, place: _Place) -> None:
        if name and (name not in found or place < found[name]):
            found[name] = place

    for node in module.of(ast.Name):
        if not isinstance(node.ctx, ast.Load):
            define(node.id, _bound_at(node))
    imports: list[ast.Import | ast.ImportFrom] = [*module.of(ast.Import), *module.of(ast.ImportFrom)]
    for imported in imports:
        for alias in imported.names:
            define(alias.asname or alias.name.partition(".")[0], (imported.lineno, imported.col_offset))
    defs: list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef] = [*module.of(ast.FunctionDef)]
    for each in [*defs, *module.of(ast.AsyncFunctionDef), *module.of(ast.ClassDef)]:
        define(each.name, (min([each.lineno, *(decorator.lineno for decorator in each.decorator_list)]), 0))
    for handler in module.of(ast.ExceptHandler):
        define(handler.name, (handler.lineno, handler.col_offset))
    for pattern in module.of(ast.MatchAs):
        define(pattern.name, (pattern.lineno, pattern.col_offset))
    for star in module.of(ast.MatchStar):
        define(star.name, (star.lineno, star.col_offset))
    for rest in module.of(ast.MatchMapping):
        define(rest.rest, (rest.lineno, rest.col_offset))
    for argument in module.of(ast.arg):
        define(argument.arg, (0, 0))
    for names in (each.names for each in module.of(ast.Global)):
        for name in names:
            define(name, (0, 0))
    return found


def _bound_at(node: ast.Name) -> _Place:
    """Where a name gets its value: behind the statement for ``x = ...``, at its place for all else."""
    for above in ancestors(node):
        if isinstance(above, ast.Assign | ast.AnnAssign | ast.AugAssign):
            return above.end_lineno or above.lineno, above.end_col_offset or 0
        if isinstance(above, ast.comprehension):
            return 0, 0
        if isinstance(above, ast.stmt):
            break
    return node.lineno, node.col_offset


def _runs_at_once(node: ast.Name, name: str, *, same_cell: bool) -> bool:
    """Whether a use runs when its cell runs, and before what stands below it."""
    for above in ancestors(node):
        if isinstance(above, FUNCTIONS):
            return False
        if same_cell and isinstance(above, (*LOOPS, ast.Try, ast.If)):
            return False
        if isinstance(above, ast.Try | ast.Delete):
            return False
        if isinstance(above, _COMPREHENSIONS) and any(name in ast.dump(each.target) for each in above.generators):
            return False
    return True


def _mentioned(module: Module) -> frozenset[str]:
    """Words of lines that are no Python, as magics may define names; and names that a cell asks for whether they are."""
    assert module.notebook is not None
    words: set[str] = set()
    kept = module.source.split("\n")
    for cell in module.notebook.cells:
        lines = cell.source.splitlines()
        for offset, line in enumerate(lines):
            place = cell.first - 1 + offset
            if line.strip() and (not cell.python or (place < len(kept) and kept[place].strip() != line.strip())):
                words.update(re.findall(r"[A-Za-z_]\w*", line))
    if any(call.name == "dir" for call in module.calls):  # if "frame" in dir():
        words.update(node.value for node in module.of(ast.Constant) if isinstance(node.value, str))
    return frozenset(words)
