"""The values of an entry point's parameters: given ones checked, defaults filled in, all quoted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from solvent.projects.errors import InvalidParameters, nearest
from solvent.projects.spec import EntryPoint, Parameter
from solvent.projects.template import quoted
from solvent.provenance.redact import MARK, is_secret_name

MAX_KEY = 250
MAX_VALUE = 6000
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+", re.DOTALL)
_KEY = re.compile(r"[A-Za-z0-9_\-. :/]+")
_ADDRESS = re.compile(r"https?://.+|(runs|models|mlflow-artifacts):/.+", re.DOTALL)
_BOOLS = ("true", "false", "yes", "no", "1", "0")


@dataclass(frozen=True)
class Values:
    """The ``declared`` parameters and the ``extra`` ones, as texts that are recorded.

    ``local`` says where a path lies on this machine, if that is not what is recorded: data that was downloaded, or a
    file of a project that was.
    """

    declared: Mapping[str, str]
    extra: Mapping[str, str]
    local: Mapping[str, str] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, str]:
        return {**self.declared, **self.extra}

    @property
    def for_command(self) -> dict[str, str]:
        """The declared ones as the command gets them."""
        return {**self.declared, **self.local}

    @property
    def secret(self) -> list[str]:
        """The names of those that are secrets by their names."""
        return [name for name in self.all if is_secret_name(name)]

    @property
    def masked(self) -> Values:
        """The same with marks in the place of secrets, for commands that are shown and kept."""
        found = (
            {name: MARK if is_secret_name(name) else value for name, value in each.items()} for each in self._all()
        )
        return Values(*found)

    def _all(self) -> tuple[Mapping[str, str], ...]:
        return self.declared, self.extra, self.local


def parse_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """``name=value`` texts as a mapping.

    Raises:
        InvalidParameters: one has no ``=`` or no name, or a name is given twice.
    """
    given: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InvalidParameters(f"expected -P name=value, found '{pair}'")
        if name in given:
            raise InvalidParameters(f"parameter '{name}' is given twice: keep one of them")
        given[name] = value
    return given


def resolve(entry: EntryPoint, given: Mapping[str, str], project_folder: Path, *, copied: bool = False) -> Values:
    """Check the given values and fill in the defaults.

    A relative ``path`` that is given starts at the working folder, one that is a default at ``project_folder``; if
    that is a copy made for one run (``copied``), it is recorded as it is written. The address of data that has to be
    downloaded stays as it is.

    Raises:
        InvalidParameters: one that must be given is missing, or a value is not of its type.
    """
    missing = [name for name, declared in entry.parameters.items() if declared.default is None and name not in given]
    if missing:
        raise InvalidParameters(_missing(entry, missing, given))
    declared = {
        name: _checked(parameter, given[name], Path.cwd())
        if name in given
        else _checked(parameter, parameter.default or "", project_folder)
        for name, parameter in entry.parameters.items()
    }
    extra = {name: value for name, value in given.items() if name not in entry.parameters}
    local: dict[str, str] = {}
    for name, parameter in entry.parameters.items():
        if copied and parameter.type == "path" and name not in given and not is_address(declared[name]):
            local[name], declared[name] = declared[name], parameter.default or ""
    values = Values(declared, extra, local)
    for name, value in values.all.items():
        _bounded(name, value)
    return values


def command_line(entry: EntryPoint, values: Values) -> str:
    """The text for bash. Extra parameters follow as `` --name value``, as MLflow passes them."""
    tail = (f" {quoted('--' + name)} {quoted(value)}" for name, value in values.extra.items())
    return entry.command.fill(values.for_command) + "".join(tail)


def is_address(value: str) -> bool:
    """Whether a path's value is an address to download it from."""
    return _ADDRESS.fullmatch(value) is not None


def extra_warning(entry: EntryPoint, values: Values) -> str | None:
    """The line that says which parameters are passed on without being declared, if any."""
    if not values.extra:
        return None
    hints = "".join(nearest(name, entry.parameters) for name in values.extra)
    passed = ", ".join(f"--{name}" for name in values.extra)
    return f"not declared by entry point '{entry.name}', so passed on unchecked as {passed}{hints}"


def secret_warning(values: Values) -> str | None:
    """The line that says that secrets are kept as params, if there are any."""
    if not values.secret:
        return None
    named = ", ".join(f"'{name}'" for name in values.secret)
    return (
        f"the run keeps parameters with their values, {named} too (masked only in its command):"
        " hand secrets to a run by environment variables"
    )


def _missing(entry: EntryPoint, missing: list[str], given: Mapping[str, str]) -> str:
    names = ", ".join(f"'{name}' ({entry.parameters[name].type})" for name in missing)
    unknown = [name for name in given if name not in entry.parameters]
    hints = "".join(f"; '{name}' is given{nearest(name, missing)}" for name in unknown if nearest(name, missing))
    example = " ".join(f"-P {name}=..." for name in missing)
    return f"entry point '{entry.name}' needs {names}: add {example}{hints}"


def _checked(parameter: Parameter, value: str, base: Path) -> str:
    if parameter.type == "path":
        return _path(parameter, value, base)
    if parameter.type == "choice":
        if value not in parameter.choices:
            raise _wrong(parameter, value, f"one of {', '.join(parameter.choices)}{nearest(value, parameter.choices)}")
        return value
    if parameter.type in _CHECKS:
        accepts, expected = _CHECKS[parameter.type]
        if not accepts(value):
            raise _wrong(parameter, value, expected)
    return value


def _is_float(value: str) -> bool:
    """Python's forms but for ``1_000``, surrounding space and digits of other scripts, which other programs don't read."""
    if "_" in value or not value.isascii() or value != value.strip():
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, tuple[Callable[[str], object], str]] = {
    "float": (_is_float, "a number, such as 0.5"),
    "int": (re.compile(r"[+-]?[0-9]+").fullmatch, "a whole number, such as 10"),
    "bool": (lambda value: value.lower() in _BOOLS, "true or false"),
    "uri": (_URI.fullmatch, "a URI with its scheme, such as https://... or file:///..."),
}


def _path(parameter: Parameter, value: str, base: Path) -> str:
    if is_address(value):
        return value
    if "://" in value:
        parts = urlsplit(value)
        if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
            raise _wrong(
                parameter,
                value,
                "a path on this machine, http(s)://, runs:/, models:/ or mlflow-artifacts:/ (others: download it first,"
                " or declare the type uri)",
            )
        value = unquote(parts.path)
    path = base / value
    if not value or not path.exists():
        raise _wrong(parameter, value, f"a file or folder that is there (looked in {base})")
    return str(path.absolute())


def _wrong(parameter: Parameter, value: str, expected: str) -> InvalidParameters:
    return InvalidParameters(
        f"parameter '{parameter.name}' ({parameter.type}): expected {expected}, found '{value[:200]}'"
    )


def _bounded(name: str, value: str) -> None:
    if len(name) > MAX_KEY or not _KEY.fullmatch(name):
        raise InvalidParameters(
            f"parameter name '{name[:80]}': expected at most {MAX_KEY} letters, digits, '_', '-', '.', ':', '/' or spaces"
        )
    if len(value) > MAX_VALUE:
        raise InvalidParameters(
            f"parameter '{name}' has {len(value):,} characters, at most {MAX_VALUE:,} can be recorded: pass a file's path"
        )
    if "\0" in value:
        raise InvalidParameters(f"parameter '{name}' holds a NUL character, which no command can be given")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise InvalidParameters(f"parameter '{name}' is not UTF-8 text") from None
