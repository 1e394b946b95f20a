"""``solvent gates init``, ``apply`` and ``show``: policies as files, and as they hold."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from solvent.cli.options import backend_of, json_option, tracking_uri_option
from solvent.cli.output import local_time, print_json, write_file
from solvent.wire.gates import ApplyGatePolicies, GatePolicy, GetGatePolicies

FILE = "gates.toml"
_FILE_ARGUMENT = click.argument("file", default=FILE, type=click.Path(dir_okay=False, path_type=Path))
_MOST = 1 << 20


@click.command()
@_FILE_ARGUMENT
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(file: Path, force: bool) -> None:
    """Write a policy to begin with.

    FILE is gates.toml unless another is named.
    """
    from solvent.cli.gates_template import TEMPLATE

    if file.exists() and not force:
        raise click.ClickException(f"{file} is there already: name another file, or give --force")
    write_file(file, TEMPLATE)
    click.echo(f"Wrote {file}. Change it, keep it in the repository, then: solvent gates apply {file}")


@click.command()
@_FILE_ARGUMENT
@click.option("--remove", is_flag=True, help="Have no policy hold: moves are free, and what is missing is recorded.")
@json_option
@tracking_uri_option
def apply(file: Path, remove: bool, as_json: bool, tracking_uri: str | None) -> None:
    """Have the policy of a file hold, in place of all that did.

    FILE is gates.toml unless another is named. Where people are asked who they are, it takes an admin of the server.
    """
    document = None if remove else _read(file)
    with backend_of(tracking_uri) as backend:
        held = backend.call(GetGatePolicies()).policies
        expected = held[0].digest if held else ""
        found = backend.call(ApplyGatePolicies(document=document, expected=expected)).policies
    if as_json:
        return print_json(found)
    if remove:
        return click.echo("No policy holds any more: versions move freely, and what they lack is recorded.")
    same = " (it held already)" if found[0].digest == expected else ""
    return click.echo(f"Applied {file}{same}: {_summed_up(found)}")


@click.command()
@json_option
@tracking_uri_option
def show(as_json: bool, tracking_uri: str | None) -> None:
    """Print the policy that holds.

    What is printed is a policy's file.
    """
    with backend_of(tracking_uri) as backend:
        found = backend.call(GetGatePolicies()).policies
    if as_json:
        return print_json(found)
    if not found:
        from solvent.registry.gates.policy import BUILT_IN

        click.echo("# No policy was applied. What is built in lets every version pass and records what is missing:")
        return click.echo("\n".join(_toml(BUILT_IN)))
    first = found[0]
    by = f" by {first.actor}" if first.actor else ""
    click.echo(f"# Applied {local_time(first.applied)}{by}, digest {first.digest[:12]}")
    own = {one.model: one.policy for one in found if one.model}
    return click.echo("\n".join(_toml(first.policy | ({"models": own} if own else {}))))


def _read(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MOST:
            raise click.ClickException(f"{file} is larger than {_MOST:,} bytes: expected a policy")
        document = tomllib.loads(file.read_bytes().decode())
    except FileNotFoundError:
        raise click.ClickException(f"{file} is not there: write one with 'solvent gates init {file}'") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file}: not valid TOML: {error}") from None
    if not document:
        raise click.ClickException(f"{file} holds no policy: write one, or take away what holds with --remove")
    return document


def _summed_up(found: list[GatePolicy]) -> str:
    base, own = found[0].policy, [one.model for one in found if one.model]
    parts = [f"level {base.get('level', 'record')}"]
    for kind, sign in (("stage", ""), ("alias", "@")):
        parts += [f"{sign}{name} asks for {_count(len(needs))}" for name, needs in base.get(kind, {}).items()]
    if own:
        parts.append(f"its own for {', '.join(own)}")
    return "; ".join(parts)


def _count(things: int) -> str:
    return "1 thing" if things == 1 else f"{things} things"


def _toml(table: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """The lines of a document: plain values first, then the tables below."""
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    if plain:
        if path:
            yield f"\n[{'.'.join(_key(part) for part in path)}]"
        yield from (f"{_key(key)} = {_value(value)}" for key, value in plain.items())
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _toml(value, (*path, key))


def _key(key: str) -> str:
    plain = key and key.isascii() and key.replace("-", "").replace("_", "").isalnum()
    return key if plain else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)
