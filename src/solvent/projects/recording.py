"""Keeping with a run what it came from: parameters, code, environment, data."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from solvent.backend.protocol import Backend
from solvent.projects.environment import Environment, Say
from solvent.projects.identity import IDENTITY, identity_of
from solvent.projects.inputs import read_inputs, record_inputs
from solvent.projects.parameters import is_address
from solvent.projects.plan import Plan
from solvent.projects.project_json import FILE, project_json
from solvent.projects.requirements import read_requirements
from solvent.projects.source.shown import shown
from solvent.provenance.capture import Provenance, capture
from solvent.provenance.host import Host
from solvent.provenance.lock import hashes_in
from solvent.provenance.packages import read_packages
from solvent.provenance.program import Program
from solvent.wire.experiments import Tag
from solvent.wire.runs import LogBatch, Param, Run, SetTag

REPRODUCES = "solvent.reproduces"
"""Tag of a repetition: the id of the run that was to be reproduced. Its conditions may not be those of the user."""
_BATCH = 100


def capture_project(plan: Plan) -> Provenance:
    """What the project's code came from, and where it runs; its environment is added when it is made."""
    folder = plan.project.folder.absolute()
    return capture(folder, Program(None, plan.source_name, "PROJECT", ["bash", "-c", plan.kept_command]))


def record(
    backend: Backend, run: Run, plan: Plan, provenance: Provenance, environment: Environment | None
) -> Provenance:
    """The parameters as params, and what the run came from as tags and artifacts; what is known of it then.

    ``environment`` is None if it could not be made.
    """
    provenance = in_environment(provenance, plan, environment)
    tags = provenance.tags()
    if environment is not None and environment.key:
        tags["solvent.environment"] = environment.key
    params = [Param(key=key, value=value) for key, value in plan.values.all.items()]
    backend.call(LogBatch(run_id=run.info.run_id, tags=[Tag(key=key, value=value) for key, value in tags.items()]))
    for start in range(0, len(params), _BATCH):
        backend.call(LogBatch(run_id=run.info.run_id, params=params[start : start + _BATCH]))
    store = backend.artifacts(run.info.artifact_uri)
    for path, content in provenance.files().items():
        store.write(path, io.BytesIO(content))
    return provenance


def record_data(
    backend: Backend,
    run: Run,
    plan: Plan,
    provenance: Provenance,
    environment: Environment,
    checked: Sequence[str],
    say: Say,
    *,
    skip_contracts: bool = False,
) -> None:
    """The data that the command will read, as it is now, all that the command was told, and what that makes of it.

    ``provenance`` is as ``in_environment`` gives it. ``checked`` data are kept as inputs by those who hold them against
    contracts.
    """
    addresses = {f"parameter {name}": plan.values.declared[name] for name in plan.values.local}
    inputs = []
    for one in read_inputs(plan.project, plan.entry, plan.values.for_command, say):
        address = addresses.get(one.why, "")
        of_copy = plan.source.address_of(one.path) if plan.source is not None else ""
        inputs.append(replace(one, address=shown(address) if is_address(address) else of_copy))
    record_inputs(backend, run, inputs, checked)
    content = project_json(plan, environment, inputs)
    backend.artifacts(run.info.artifact_uri).write(FILE, io.BytesIO(content))
    identity = identity_of(plan, provenance, environment, inputs, skip_contracts=skip_contracts)
    if identity.comparable and is_plain(plan, run):
        backend.call(SetTag(run_id=run.info.run_id, key=IDENTITY, value=identity.tag))


def is_plain(plan: Plan, run: Run) -> bool:
    """Whether a run may be taken for another one: it holds no others, and is no experiment of ``solvent reproduce``."""
    return plan.shown is None and all(tag.key != REPRODUCES for tag in run.data.tags)


def in_environment(provenance: Provenance, plan: Plan, environment: Environment | None) -> Provenance:
    """What was captured, with the interpreter and the packages of the environment that the command runs in."""
    if environment is None:
        return provenance._replace(packages=[])
    hashes = hashes_in(read_requirements(plan.project).texts)
    packages = read_packages(environment.search_path, files=True)
    if environment.search_path is None:
        return provenance._replace(packages=packages, hashes=hashes)
    version = environment.python_version or provenance.host["python"]
    host: Host = {**provenance.host, "python": version, "executable": str(environment.interpreter)}
    return provenance._replace(host=host, packages=packages, hashes=hashes)
