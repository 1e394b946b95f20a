"""One reader per kind of manifest. None of them runs anything, and none fails: what is not understood is left out."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from solvent.debt.project.requirements import Requirement, normal_name, parse_requirement, specifiers_of
from solvent.debt.project.yaml_text import document_of
from solvent.debt.sources.errors import Unreadable


class Manifest(NamedTuple):
    """``requirements`` are what the program itself needs, ``others`` those of extras and development groups.

    ``distribution`` is the name that it gives the project, empty if none. ``scripts`` says that it installs
    commands. ``python`` is the versions of Python that it asks for, with the line. ``complete`` is False if some
    requirements are computed, so that only running it would tell. ``reads_file``: it takes them from another file.
    """

    path: str
    kind: str
    requirements: list[Requirement] = []
    others: list[Requirement] = []
    distribution: str = ""
    scripts: bool = False
    python: Requirement | None = None
    complete: bool = True
    reads_file: bool = False
    for_development: frozenset[str] = frozenset()

    @property
    def everything(self) -> Iterator[Requirement]:
        yield from self.requirements
        yield from self.others

    @property
    def is_pinned(self) -> bool:
        return bool(self.requirements) and all(each.is_pinned for each in self.requirements)


def read_requirements(path: str, text: str) -> Manifest:
    """``requirements.txt`` and its like. What it includes by ``-r`` is read as a file of its own."""
    found = []
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        parts = [line]
        while parts[-1].rstrip().endswith("\\"):
            parts[-1] = parts[-1].rstrip()[:-1]
            parts.append(next(lines, (0, ""))[1])
        line = " ".join(parts)
        line = re.sub(r"(^|\s)#.*$", "", line).strip()
        line = re.sub(r"(?<!\s)\s+--?(hash|config-settings|global-option|install-option)\b.*$", "", line)
        if line.startswith(("-e ", "--editable ")):
            line = line.partition(" ")[2].strip()
        if not line or line.startswith(("-", ".", "/", "file:")):
            continue
        requirement = _from_url(line, number) if _is_url(line) else parse_requirement(line, number)
        if requirement is not None:
            found.append(requirement)
    return Manifest(path, "requirements", found)


def _is_url(line: str) -> bool:
    return re.match(r"^(\w+\+)?(https?|ssh|git|file)(://|@)", line) is not None


def _from_url(line: str, number: int) -> Requirement:
    egg = re.search(r"(?:^|[&#])egg=([\w.-]+)", line.partition("#")[2])
    last = re.split(r"[/@]", line.split("#")[0].rstrip("/"))
    stem = next((part for part in reversed(last) if part.endswith((".git", ".whl", ".zip", ".gz"))), last[-1])
    name = egg[1] if egg else re.split(r"-\d|\.git$|\.zip$", stem)[0]
    return Requirement(normal_name(name), (), line, "", number)


def read_pyproject(path: str, text: str) -> Manifest | None:
    """``[project]``, dependency groups, and the tables of Poetry, PDM, uv, Hatch, Flit and pixi."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return Manifest(path, "unreadable", complete=False)
    lines = _Lines(text)
    project, tool = _table(document, "project"), _table(document, "tool")
    poetry = _table(tool, "poetry")
    main = [*lines.of(_strings(project.get("dependencies"))), *lines.of_table(_table(poetry, "dependencies"))]
    flit = _table(tool, "flit", "metadata")
    main += lines.of(_strings(flit.get("requires")))
    main += lines.of_table(_table(tool, "pixi", "dependencies")) + lines.of_table(
        _table(tool, "pixi", "pypi-dependencies")
    )
    others: list[Requirement] = []
    extras = lines.of(each for group in _table(project, "optional-dependencies").values() for each in _strings(group))
    development = set(_development(document, tool, poetry, lines)) - {each.name for each in [*main, *extras]}
    for group in (
        *(_table(project, "optional-dependencies").values()),
        *(_table(document, "dependency-groups").values()),
        *(_table(tool, "pdm", "dev-dependencies").values()),
        *(_table(flit, "requires-extra").values()),
        _table(tool, "uv").get("dev-dependencies"),
        *(_table(env).get("dependencies") for env in _table(tool, "hatch", "envs").values()),
        *(_table(env).get("extra-dependencies") for env in _table(tool, "hatch", "envs").values()),
    ):
        others += lines.of(_strings(group))
    others += lines.of_table(_table(poetry, "dev-dependencies"))
    for group in _table(poetry, "group").values():
        others += lines.of_table(_table(group, "dependencies"))
    python = next((each for each in main if each.name == "python"), None)
    if isinstance(project.get("requires-python"), str):
        python = lines.one("python", project["requires-python"], "requires-python")
    dynamic = "dependencies" in _strings(project.get("dynamic"))
    files = _table(tool, "setuptools", "dynamic", "dependencies").get("file")
    named = project.get("name") or poetry.get("name") or ""
    if not (project or poetry or main or others):
        return None
    return Manifest(
        path,
        "pyproject",
        [each for each in main if each.name != "python"],
        others,
        str(named),
        bool(project.get("scripts") or project.get("gui-scripts") or poetry.get("scripts")),
        python,
        complete=not dynamic or bool(files),
        reads_file=bool(files),
        for_development=frozenset(development),
    )


_DEVELOPMENT = frozenset(
    {"dev", "develop", "development", "test", "tests", "testing", "lint", "linting", "docs", "typing"}
)


def _development(
    document: dict[str, Any], tool: dict[str, Any], poetry: dict[str, Any], lines: _Lines
) -> Iterator[str]:
    """The names that groups for the work on the code ask for."""
    yield from (each.name for each in lines.of_table(_table(poetry, "dev-dependencies")))
    for name, group in _table(poetry, "group").items():
        if name in _DEVELOPMENT:
            yield from (each.name for each in lines.of_table(_table(group, "dependencies")))
    groups = _table(document, "dependency-groups") | _table(tool, "pdm", "dev-dependencies")
    listed = [_strings(group) for name, group in groups.items() if name in _DEVELOPMENT]
    for texts in [*listed, _strings(_table(tool, "uv").get("dev-dependencies"))]:
        yield from (each.name for each in lines.of(texts))


def read_pipfile(path: str, text: str) -> Manifest:
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return Manifest(path, "unreadable", complete=False)
    lines = _Lines(text)
    version = _table(document, "requires").get("python_version")
    python = lines.one("python", f"=={version}.*", "python_version") if isinstance(version, str) else None
    main, development = _table(document, "packages"), _table(document, "dev-packages")
    return Manifest(path, "pipfile", lines.of_table(main), lines.of_table(development), python=python)


def read_setup_cfg(path: str, text: str) -> Manifest | None:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return Manifest(path, "unreadable", complete=False)
    if not (parser.has_section("options") or parser.has_section("metadata")):
        return None
    lines = _Lines(text)
    listed = parser.get("options", "install_requires", fallback="")
    others = []
    if parser.has_section("options.extras_require"):
        for _, value in parser.items("options.extras_require"):
            others += lines.of(value.splitlines())
    scripts = "console_scripts" in parser["options.entry_points"] if "options.entry_points" in parser else False
    version = parser.get("options", "python_requires", fallback="")
    return Manifest(
        path,
        "setup",
        [] if listed.startswith("file:") else lines.of(listed.splitlines()),
        others,
        parser.get("metadata", "name", fallback=""),
        scripts,
        lines.one("python", version, "python_requires") if version else None,
        reads_file=listed.startswith("file:"),
    )


def read_conda(path: str, text: str) -> Manifest | None:
    """A conda environment, or MLflow's ``python_env.yaml``."""
    try:
        document = document_of(text)
    except Unreadable:
        return None
    if not isinstance(document, dict) or not isinstance(document.get("dependencies"), list):
        return None
    lines = _Lines(text)
    found: list[Requirement] = []
    for each in document["dependencies"]:
        if isinstance(each, str) and not each.startswith("-"):
            found += lines.of([_from_conda(each)])
        elif isinstance(each, dict):
            found += lines.of(item for item in _strings(each.get("pip")) if not item.startswith("-"))
    python = next((each for each in found if each.name == "python"), None)
    if isinstance(document.get("python"), str):
        python = lines.one("python", f"=={document['python']}", "python")
    return Manifest(path, "conda", [each for each in found if each.name != "python"], python=python)


def _from_conda(text: str) -> str:
    """``conda-forge::numpy=1.2.3=py39_0`` as a requirement."""
    text = text.partition("::")[2] or text
    parts = re.match(r"^([\w.-]+)\s*=\s*([\w.*]+)(?:=[\w.*]+)?$", text.strip())
    if parts:
        return f"{parts[1]}={parts[2]}"
    spaced = re.match(r"^([\w.-]+)\s+(\d[\w.]*)$", text.strip())
    return f"{spaced[1]}={spaced[2]}" if spaced else text


def read_setup_py(path: str, text: str) -> Manifest | None:
    """The arguments of ``setup(...)`` where they are literals."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Manifest(path, "unreadable", complete=False)
    given = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    call = next((node for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_setup(node.func)), None)
    if call is None:
        return None
    arguments: dict[str, ast.expr] = {}
    hidden = False
    for each in call.keywords:
        value = given.get(each.value.id) if isinstance(each.value, ast.Name) else each.value
        if each.arg:
            arguments[each.arg] = each.value
        elif isinstance(value, ast.Dict):
            pairs = zip(value.keys, value.values, strict=True)
            arguments |= {str(key.value): item for key, item in pairs if isinstance(key, ast.Constant)}
        else:
            hidden = True
    lines = _Lines(text)
    listed = _literals(arguments.get("install_requires"), given)
    reads_file = re.search(r"requirements?[\w/.-]*\.(txt|in)", text) is not None
    others: list[Requirement] = []
    for key in ("extras_require", "tests_require", "setup_requires"):
        others += lines.of(_literals(arguments.get(key), given) or [])
    version = arguments.get("python_requires")
    name = arguments.get("name")
    return Manifest(
        path,
        "setup",
        lines.of(listed or []),
        others,
        name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else "",
        "entry_points" in arguments or "scripts" in arguments,
        lines.one("python", version.value, "python_requires")
        if isinstance(version, ast.Constant) and isinstance(version.value, str)
        else None,
        complete=reads_file or (listed is not None and not hidden),
        reads_file=reads_file,
    )


def _is_setup(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "setup") or (
        isinstance(function, ast.Attribute) and function.attr == "setup"
    )


def _literals(node: ast.expr | None, given: dict[str, ast.expr], depth: int = 0) -> list[str] | None:
    """The texts in a literal list, or in a dictionary's lists; None if they are computed."""
    if node is None:
        return []
    if depth > 5:
        return None
    if isinstance(node, ast.Constant):
        return node.value.splitlines() if isinstance(node.value, str) else []
    if isinstance(node, ast.Name):
        return _literals(given.get(node.id), given, depth + 1) if node.id in given else None
    parts: Iterable[ast.expr] | None = None
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        parts = node.elts
    elif isinstance(node, ast.Dict):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [node.left, node.right]
    if parts is None:
        return None
    found: list[str] = []
    for part in parts:
        inner = _literals(part, given, depth + 1)
        if inner is None:
            return None
        found += inner
    return found


class _Lines:
    """Where a requirement stands in a text, for formats whose parsers don't tell."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()

    def at(self, *texts: str) -> int:
        """The first line that holds one of the texts, as it is or as a word; 1 if there is none.

        A line that begins with it is rather meant than a description that names it.
        """
        for text in texts:
            word = re.compile(rf"(?<![\w.-]){re.escape(text)}(?![\w-])", re.IGNORECASE)
            held = [
                (number, line)
                for number, line in enumerate(self._lines, start=1)
                if text in line and word.search(line) and not line.lstrip().startswith("#")
            ]
            if held:
                return next((number for number, line in held if word.match(line.lstrip(" \t-\"'"))), held[0][0])
        return 1

    def of(self, texts: Iterable[str]) -> list[Requirement]:
        found = []
        for text in texts:
            text = re.sub(r"(^|\s)#.*$", "", text).strip()
            requirement = parse_requirement(text) if text else None
            if requirement is not None:
                spelled = re.match(r"[\w.-]+", text.strip())
                found.append(requirement._replace(line=self.at(text, spelled[0] if spelled else text)))
        return found

    def of_table(self, table: dict[str, Any]) -> list[Requirement]:
        """Poetry's and Pipenv's way: names with a version, or a table that holds one."""
        found = []
        for name, value in table.items():
            each = value[0] if isinstance(value, list) and value else value
            fields = each if isinstance(each, dict) else {"version": each}
            if "path" in fields:
                continue
            version = fields.get("version")
            url = str(fields.get("url") or fields.get("file") or "")
            if "git" in fields:
                revision = fields.get("rev") or fields.get("ref") or fields.get("tag")
                url = f"git+{fields['git']}" + (f"@{revision}" if revision else "")
            found.append(self.one(name, version if isinstance(version, str) else "", name)._replace(url=url))
        return found

    def one(self, name: str, version: str, place: str) -> Requirement:
        plain = re.fullmatch(r"\s*\d[\w.]*(\.\*)?\s*", version)  # Poetry: exactly this one
        specifiers = specifiers_of(f"=={version.strip()}" if plain else version)
        bounded = (("==", version),) if specifiers is None else specifiers  # several ranges: bounded, we can't say how
        return Requirement(normal_name(name), bounded, line=self.at(f'"{place}"', place))


def _table(document: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _strings(value: Any) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
