"""Values in command templates, read back by a real bash."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.projects.errors import InvalidProject
from solvent.projects.template import Template

_TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40)
_NASTY = st.text(st.sampled_from(list("'\"\\$`!#;&|<>(){}[]*?~ \n\tax=-")), max_size=12)
_SHOW = f"{sys.executable} -c 'import sys; sys.stdout.buffer.write(repr(sys.argv[1:]).encode())'"


def arguments(command: str) -> list[str]:
    """What a program is given when bash runs the command in place of ``SHOW``."""
    shown = subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=30)
    assert shown.stderr == b""
    value: list[str] = eval(shown.stdout.decode())
    return value


def fill(text: str, *values: str) -> str:
    names = [f"p{number}" for number in range(len(values))]
    template = Template(f"{_SHOW.replace('{', '{{')} {text}", names, "test")
    return template.fill(dict(zip(names, values, strict=True)))


@settings(max_examples=40, deadline=None)
@given(st.one_of(_TEXT, _NASTY), st.one_of(_TEXT, _NASTY), st.one_of(_TEXT, _NASTY), st.one_of(_TEXT, _NASTY))
def test_no_value_breaks_out_of_its_quotes(bare: str, single: str, double: str, nested: str) -> None:
    template = '-a {p0} -b={p0} \'one {p1}\' "two {p2} $HOME" "${{PATH}}$(echo ok)" "{p2}"{p1}#{p0} $(true; echo x)'
    found = arguments("HOME=home PATH=/bin:/usr/bin; " + fill(template + " '{p3}'", bare, single, double, nested))
    assert found == [
        "-a",
        bare,
        f"-b={bare}",
        f"one {single}",
        f"two {double} home",
        "/bin:/usr/binok",
        f"{double}{single}#{bare}",
        "x",
        nested,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "echo ${p0}",
        "echo \\{p0}",
        'echo "\\{p0}"',
        'echo "${p0}"',
        "echo `cat {p0}`",
        'echo "$(cat {p0})"',
        "echo \"$(echo ')')\" {p0}",
        "echo $((1 + {p0}))",
        "(( x = {p0} ))",
        "true # {p0}",
        "cat <<END\n{p0}\nEND",
        "echo ${{HOME:-{p0}}}",
        "echo $'{p0}'",
    ],
)
def test_a_place_where_no_quoting_is_safe_is_refused(text: str) -> None:
    with pytest.raises(InvalidProject, match="no quoting is safe"):
        Template(text, ["p0"], "test")


@pytest.mark.parametrize(
    "text",
    [
        "if [[ {p0} -gt 5 ]]; then echo big; fi",
        '[[ -n x && "{p0}" -gt 5 ]]',
        "declare -A x; a[{p0}]=1",
        'a["{p0}"]=1',
        "a=([{p0}]=1)",
        "declare -i n; n={p0}",
        "let n={p0}",
        "eval echo {p0}",
        "[ -v {p0} ]",
        "printf -v {p0} 1",
        'bash -c "echo {p0}"',
        "true; sh -ec 'echo {p0}'",
        "timeout 9 /bin/bash -c 'echo {p0}'",
    ],
)
def test_a_place_where_bash_evaluates_what_is_quoted_is_refused(text: str) -> None:
    with pytest.raises(InvalidProject, match="evaluates even what is quoted"):
        Template(text, ["p0"], "test")
    assert Template(text, ["p0"], "test", plain=["p0"]).names == {"p0"}


@pytest.mark.parametrize(
    "text",
    [
        "[ {p0} -gt 5 ]",
        "[[ -f x ]] && python train.py {p0}",
        "export SEED={p0}; python train.py",
        "bash -c 'echo \"$1\"' _ {p0}",
        "bash train.sh {p0}",
        "echo 'eval' {p0}",
        "eval true; python train.py {p0}",
        "python train.py --columns '[a, b]' {p0}",
    ],
)
def test_a_usual_place_is_not(text: str) -> None:
    assert Template(text, ["p0"], "test").names == {"p0"}


_PIECES = ["'", '"', "$", "\\", "`", "(", ")", "#", " ", "\n", "<", ";", "a", "{p0}", "{{", "}}", "$("]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=12), _NASTY)
def test_whatever_the_template_a_value_is_never_run(pieces: list[str], value: str) -> None:
    """Bash repeats the value in its complaints about odd templates, but what it says is not in their output."""
    try:
        template = Template("".join(pieces), ["p0"], "test")
    except InvalidProject:
        return
    mark = "printf PWNED >&2"
    value += f";{mark};'{mark}'\"{mark}\"$({mark})`{mark}`\n{mark}\n}});{mark};"
    ran = subprocess.run(
        ["bash", "-c", "PATH=; " + template.fill({"p0": value})],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=30,
    )
    assert b"PWNED" not in ran.stderr.replace(b"printf PWNED", b"")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("run {alhpa}", "{alhpa} is not a declared parameter.*did you mean 'alpha'"),
        ("run {alpha!r}", "takes no format or conversion"),
        ("run {alpha:>9}", "takes no format or conversion"),
        ("run {alpha.real}", "not a declared parameter"),
        ("run {}", "not a declared parameter"),
        ("run {alpha", "write a literal brace"),
        ("run }", "write a literal brace"),
    ],
)
def test_a_wrong_placeholder_is_named(text: str, message: str) -> None:
    with pytest.raises(InvalidProject, match=message):
        Template(text, ["alpha"], "test")


def test_braces_are_written_as_in_mlflow() -> None:
    template = Template("awk '{{print $1}}' {file}", ["file"], "test")
    assert template.fill({"file": "a b"}) == "awk '{print $1}' 'a b'"
    assert template.names == {"file"}
