"""Settings that are written in Python and that nothing reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solvent.debt.practice.settings_in_code import Setting, Told
from solvent.debt.project.project import Project
from solvent.debt.project.summary import FileSummary


def unread_settings(
    project: Project, settings: Iterable[tuple[FileSummary, Setting]], told: Iterable[Told]
) -> Iterator[Setting]:
    """Options, constants and fields that no file names, where most of those beside them are named.

    ``told`` is what each file reads by texts, and at once.
    """
    told = list(told)
    texts = {word for each in told for word in each.texts}
    whole = {name for each in told for name in each.whole}
    fields = {name for file in project.files.values() for name in file.names}
    groups: dict[tuple[str, str], list[tuple[FileSummary, Setting]]] = {}
    for file, setting in settings:
        groups.setdefault((file.path, "" if setting.kind == "option" else setting.group), []).append((file, setting))
    for (_, group), members in groups.items():
        kind = members[0][1].kind
        if _is_used_whole(kind, group, whole):
            continue
        unread = [(file, setting) for file, setting in members if not _is_read(project, file, setting, texts, fields)]
        if len(unread) * 2 > len(members):
            continue
        yield from (setting for _, setting in unread)


def imported(project: Project) -> Iterator[str]:
    """All that is imported anywhere."""
    return (name for file in project.files.values() for name in file.imports)


def _is_read(project: Project, file: FileSummary, setting: Setting, texts: set[str], names: set[str]) -> bool:
    """Whether any file may read a setting: by its name, or a constant as what it imports from the module."""
    name = setting.name
    if setting.kind != "constant":
        return name in names or (setting.kind == "option" and name in texts)
    if name in texts or name in file.names:
        return True
    if name not in names and not any(each.endswith(f".{name}") for each in imported(project)):
        return False
    module = setting.group.rpartition(".")[2]
    for other in project.files.values():
        if other is file:
            continue
        for each in other.imports:
            parts = each.split(".")
            if parts[-1] == name or (name in other.names and module in parts[-2:]):
                return True
    return False


def _is_used_whole(kind: str, group: str, whole: set[str]) -> bool:
    if kind == "constant":
        return group.rpartition(".")[2] in whole
    usual = _PARSED if kind == "option" else {*_PARSED, *_CONFIGURED, "self", group}
    return not whole.isdisjoint(usual)


_PARSED = frozenset(
    {"args", "arguments", "opt", "opts", "options", "flags", "FLAGS", "parsed", "parsed_args", "namespace"}
    | {"parse_args", "parse_known_args"}
)
_CONFIGURED = frozenset({"cfg", "conf", "config", "configuration", "hparams", "params", "parameters", "settings"})
