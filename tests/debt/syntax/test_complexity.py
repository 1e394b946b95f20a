"""Cognitive complexity on the examples of its white paper, written in Python."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from solvent.debt.syntax.complexity import cognitive_complexity


def complexity(source: str) -> int:
    function = ast.parse(dedent(source)).body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    return cognitive_complexity(function)


def test_nesting() -> None:
    source = """
    def my_method():
        try:
            if condition1:  # +1
                for i in range(10):  # +2
                    while condition2:  # +3
                        step()
        except (ExcepType1, ExcepType2):  # +1
            if condition2:  # +2
                step()
    """

    assert complexity(source) == 9


def test_overridden_symbol_from() -> None:
    source = """
    def overridden_symbol_from(class_type):
        if class_type.is_unknown():  # +1
            return Symbols.unknown
        unknown_found = False
        for override in class_type.members(name):  # +1
            if override.is_kind(MTH) and not override.is_static():  # +2 +1
                if can_override(override):  # +3
                    overriding = check(override, class_type)
                    if overriding is None:  # +4
                        if not unknown_found:  # +5
                            unknown_found = True
                    elif overriding:  # +1
                        return override
        if unknown_found:  # +1
            return Symbols.unknown
        return None
    """

    assert complexity(source) == 19


def test_add_version() -> None:
    source = """
    def add_version(self, entry, txn):
        while True:  # +1
            try:
                with self.lock:
                    if self.frst is not None:  # +2
                        if self.frst.version > entry.version:  # +3
                            raise RollbackException
                        if txn.is_active():  # +3
                            for e in self.frst.previous():  # +4
                                depends = ti.depends(e.version)
                                if depends == TIMED_OUT:  # +5
                                    raise WWRetryException(e.version)
                                if depends != 0 and depends != ABORTED:  # +5 +1
                                    raise RollbackException
                    entry.previous = self.frst
                    self.frst = entry
                    break
            except WWRetryException as re:  # +2
                try:
                    depends = ti.depends(re.version)
                    if depends != 0 and depends != ABORTED:  # +3 +1
                        raise RollbackException
                except InterruptedException as ie:  # +3
                    raise PersistitInterruptedException(ie)
            except InterruptedException as ie:  # +2
                raise PersistitInterruptedException(ie)
    """

    assert complexity(source) == 35


def test_to_regexp() -> None:
    source = """
    def to_regexp(pattern, separator):
        i = 1 if pattern.startswith("/") or pattern.startswith("x") else 0  # +1 +1
        while i < len(pattern):  # +1
            ch = pattern[i]
            if ch in SPECIAL:  # +2
                sb.append(ch)
            elif ch == "*":  # +1
                if i + 1 < len(pattern) and pattern[i + 1] == "*":  # +3 +1
                    if i + 2 < len(pattern) and is_slash(pattern[i + 2]):  # +4 +1
                        i += 2
                    else:  # +1
                        i += 1
                else:  # +1
                    sb.append(separator)
            elif ch == "?":  # +1
                sb.append(separator)
            elif is_slash(ch):  # +1
                sb.append(separator)
            else:  # +1
                sb.append(ch)
            i += 1
        return sb
    """

    assert complexity(source) == 20


def test_match_counts_once() -> None:
    source = """
    def get_words(number):
        match number:  # +1
            case 1:
                return "one"
            case 2:
                return "a couple"
            case _:
                return "lots"
    """

    assert complexity(source) == 1


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("a and b and c and d", 1),
        ("a and b and c or d or e and f", 3),
        ("a and not (b and c)", 2),
        ("a", 0),
    ],
)
def test_sequences_of_operators(condition: str, expected: int) -> None:
    assert complexity(f"def f():\n    if {condition}:\n        pass") == 1 + expected


def test_decorators_are_not_nested() -> None:
    inner = "    def inner(func):\n        if condition:\n            print(b)\n        func()\n    return inner\n"

    assert complexity(f"def a_decorator(a, b):\n{inner}") == 1
    assert complexity(f"def not_a_decorator(a, b):\n    my_var = a * b\n{inner}") == 2
    source = """
    def decorator_generator(a):
        def generator(func):
            def decorator(func):
                if condition:
                    print(b)
                return func()
            return decorator
        return generator
    """
    assert complexity(source) == 1


def test_lambdas_are_nested_and_recursion_counts() -> None:
    assert complexity("def f():\n    return lambda x: 1 if x else 2") == 2
    assert complexity("def f(n):\n    return f(n - 1)") == 1
    assert complexity("def f(self):\n    self.f()") == 1


def test_an_if_in_an_else_is_nested_and_an_elif_is_not() -> None:
    assert complexity("def f():\n    if a:\n        b()\n    elif c:\n        d()") == 2
    assert complexity("def f():\n    if a:\n        b()\n    else:\n        if c:\n            d()") == 4
