"""What becomes of values, over branches, loops and names."""

from __future__ import annotations

from tests.debt.helpers import function_of, module_of, values_of


def uses(source: str, made_by: str, function: str = "<module>") -> list[tuple[str, str]]:
    """Kind and name of each use of the one value that a call of that name made."""
    (value,) = [v for v in values_of(module_of(source), function) if v.kind == "call" and v.name == made_by]
    return [(use.kind, use.name) for use in value.uses]


def test_uses_are_followed_through_other_names() -> None:
    source = "m = Model()\nbest = m\nbest.fit(1)\nsave(best)\nd['m'] = m"

    assert uses(source, "Model") == [("method", "fit"), ("argument", "save"), ("stored", "item")]


def test_fit_answers_the_model_itself() -> None:
    assert uses("m = Model().fit(x)\nsave(m)", "Model") == [("method", "fit"), ("argument", "save")]


def test_a_new_value_takes_the_name() -> None:
    assert uses("m = Model()\nm = other()\nm.fit(1)", "Model") == []


def test_after_a_branch_a_name_may_be_either() -> None:
    source = "m = One()\nif flag:\n    m = Two()\nm.fit(1)"

    assert uses(source, "One") == uses(source, "Two") == [("method", "fit")]


def none_used(source: str, function: str = "<module>") -> list[str]:
    """Methods that are called on what may be None."""
    values = values_of(module_of(source), function)
    return [use.name for value in values if value.kind == "none" for use in value.uses if use.kind == "method"]


def test_none_is_taken_out_where_a_test_says_so() -> None:
    begin = "m = None\nif flag:\n    m = load()\n"

    assert none_used(begin + "m.predict(1)") == ["predict"]
    assert none_used(begin + "if m is not None:\n    m.predict(1)") == []
    assert none_used(begin + "if m:\n    m.predict(1)") == []
    assert none_used(begin + "if m is None:\n    raise ValueError\nm.predict(1)") == []
    assert none_used(begin + "if not m:\n    exit()\nm.predict(1)") == []
    assert none_used(begin + "assert m is not None\nm.predict(1)") == []
    assert none_used(begin + "x = m and m.predict(1)") == []
    assert none_used(begin + "if flag and m is not None:\n    m.predict(1)\n") == []
    assert none_used(begin + "if m is None or m.predict(1):\n    pass") == []
    assert none_used(begin + "if other:\n    m.predict(1)") == ["predict"]


def test_what_an_except_swallows_is_seen_after_it() -> None:
    source = "try:\n    m = load()\nexcept Exception:\n    m = None\nm.predict(1)"

    assert none_used(source) == ["predict"]
    assert none_used(source.replace("    m = None", "    raise")) == []


def test_a_loop_may_not_run_and_may_be_left() -> None:
    source = "m = None\nfor x in xs:\n    if x:\n        m = load(x)\n        break\nm.predict(1)"

    assert none_used(source) == ["predict"]
    assert none_used("m = None\nwhile True:\n    m = load()\n    if m:\n        break\nm.predict(1)") == []


def test_returns_and_the_end_of_a_function() -> None:
    module = module_of(
        "def f(a):\n    if a:\n        return load()\n\ndef g(a):\n    if a:\n        return 1\n    raise E"
    )

    assert module.flow(function_of(module, "f")).falls_through
    assert not module.flow(function_of(module, "g")).falls_through
    ((_, values),) = module.flow(function_of(module, "f")).returns
    assert [value.name for value in values] == ["load"]


def test_what_is_unpacked_comes_from_the_call() -> None:
    values = values_of(module_of("a, b = split(x)\nm.fit(a)"))
    (call,) = [v for v in values if v.kind == "call" and v.name == "split"]
    parts = [value for value in values if value.kind == "part"]

    assert [part.name for part in parts] == ["split", "split"]
    assert all(part.comes_from(call) for part in parts)
    assert [(use.kind, use.position) for use in parts[0].uses] == [("argument", 0)]


def test_nested_functions_capture() -> None:
    assert uses("m = Model()\ndef f():\n    return m.predict(1)\n", "Model") == [("captured", "f")]
