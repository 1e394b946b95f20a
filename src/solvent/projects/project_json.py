"""What a project run was told to do, as ``solvent/project.json``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import Any

from solvent.projects.environment import Environment
from solvent.projects.inputs import Input
from solvent.projects.plan import Plan

FILE = "solvent/project.json"


def project_json(plan: Plan, environment: Environment, inputs: Iterable[Input]) -> bytes:
    """The file's content."""
    project, entry = plan.project, plan.entry
    parameters: dict[str, dict[str, Any]] = {}
    for name, value in plan.values.all.items():
        declared = entry.parameters.get(name)
        kind = declared.type if declared is not None else None
        parameters[name] = {"value": value, "type": kind, "from": plan.origins.get(name)}
    file = project.environment_file
    record = {
        "name": project.name,
        "uri": plan.uri,
        "folder": str(project.folder.absolute()),
        "entry_point": entry.name,
        "command": plan.kept_command,
        "parameters": parameters,
        "environment": {
            "manager": environment.manager,
            "key": environment.key,
            "file": os.path.relpath(file, project.folder) if file is not None else None,
            "python": environment.python_version,
        },
        "inputs": [one.plain() for one in inputs],
    }
    return json.dumps(record, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace")
