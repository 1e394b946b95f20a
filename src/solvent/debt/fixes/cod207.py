"""``x == np.nan`` becomes ``np.isnan(x)``, or ``pd.isna(x)`` where pandas is at hand: it takes objects of any kind."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from solvent.debt.findings import Finding
from solvent.debt.fixes.tree import CannotFix, Refused, Tree, each_of, only

_NAN = frozenset({"numpy.nan", "numpy.NaN", "numpy.NAN", "math.nan", "pandas.NA", "pandas.NaT"})
_QUESTIONS = {
    "pandas": ("{}.isna({})", "{}.notna({})"),
    "numpy": ("{}.isnan({})", "~{}.isnan({})"),
    "math": ("{}.isnan({})", "not {}.isnan({})"),
}


def fix(tree: Tree, findings: Sequence[Finding]) -> Refused:
    def mend(finding: Finding) -> None:
        node = only(tree.nodes(finding, cst.Comparison))
        parsed = tree.twin(node, ast.Compare)
        if parsed is None or len(node.comparisons) != 1:
            raise CannotFix("it is a chain of comparisons")
        left_is_nan, nan = _is_nan(tree, parsed.left), parsed.comparators[0]
        if left_is_nan:
            nan = parsed.left
        elif not _is_nan(tree, nan):
            raise CannotFix("nothing there is NaN by name")
        library, alias = _library(tree, finding, _named(tree, nan))
        form = _QUESTIONS[library][isinstance(parsed.ops[0], ast.NotEq)]

        def asked(now: cst.Comparison) -> cst.BaseExpression:
            value = now.comparisons[0].comparator if left_is_nan else now.left
            return _with_value(form.format(alias, "_"), value, now)

        tree.change(node, asked)

    return each_of(findings, mend)


def _with_value(code: str, value: cst.BaseExpression, old: cst.Comparison) -> cst.BaseExpression:
    """The question with the value as its argument, in the parentheses that the comparison had."""
    asked = cst.parse_expression(code)
    call = asked.expression if isinstance(asked, cst.UnaryOperation) else asked
    argument = cst.Arg(value)
    assert isinstance(call, cst.Call)
    call = call.with_changes(args=[argument])
    asked = asked.with_changes(expression=call) if isinstance(asked, cst.UnaryOperation) else call
    return asked.with_changes(lpar=old.lpar, rpar=old.rpar)


def _is_nan(tree: Tree, node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        value = node.args[0] if node.args else None
        text = value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else ""
        named_float = isinstance(node.func, ast.Name) and node.func.id == "float"
        return named_float and text.strip().lower() in ("nan", "+nan", "-nan")
    return _named(tree, node) in _NAN


def _named(tree: Tree, node: ast.expr) -> str:
    if not isinstance(node, ast.Name | ast.Attribute):
        return ""
    return tree.module.names.of(node, tree.module.function_at(node.lineno))


def _library(tree: Tree, finding: Finding, nan: str) -> tuple[str, str]:
    """The library that is asked, by the name it has here: pandas, that of the NaN, or another one at hand."""
    aliases = _aliases(tree, finding)
    wanted = ["pandas"] if nan.startswith("pandas.") else ["pandas", nan.partition(".")[0], "math", "numpy"]
    for library in wanted:
        if library in aliases:
            return library, aliases[library]
    raise CannotFix("none of pandas, numpy and math is imported as a whole at the top of the file")


def _aliases(tree: Tree, finding: Finding) -> dict[str, str]:
    """Libraries that the module itself imports above, by their names here. What is bound anew is left out."""
    line = finding.line
    found: dict[str, str] = {}
    for node in tree.module.tree.body:
        if isinstance(node, ast.Import) and (
            node.lineno < line or finding.cell is not None or finding.symbol != "<module>"
        ):
            for alias in node.names:
                if alias.name in _QUESTIONS:
                    found[alias.name] = alias.asname or alias.name
    bound = {name for function in tree.module.functions for name in (*function.given, *function.parameters)}
    return {library: name for library, name in found.items() if name not in bound}
