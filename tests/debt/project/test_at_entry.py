"""Findings about whole programs stand where the program begins."""

from __future__ import annotations

from solvent.debt.findings import Spot
from solvent.debt.project.at_entry import at_entry, elsewhere
from tests.debt.helpers import project_of

FILES = {
    "main.py": "from model import train\n\ndef run():\n    print()\n    train()\n\nif __name__ == '__main__':\n    run()",
    "model.py": "def train():\n    fit()\n\ndef fit():\n    model.fit(1, 2)",
    "own.py": "model.fit(1, 2)",
    "plugin.py": "import registry\nregistry.get('train')()",
}


def test_a_target_in_the_entrys_file_stays_where_it_is() -> None:
    project = project_of(FILES)
    start = project.functions["own.py", "<module>"]

    assert at_entry(project, start, start, Spot("own.py", 1)) == (start, Spot("own.py", 1))
    assert elsewhere(start, Spot("own.py", 1)) == ""


def test_a_target_in_another_file_becomes_the_call_that_leads_there() -> None:
    project = project_of(FILES)
    start, target = project.functions["main.py", "<module>"], project.functions["model.py", "fit"]

    place, spot = at_entry(project, start, target, Spot("model.py", 5))

    assert (place.key, spot.path, spot.line) == (("main.py", "run"), "main.py", 5)
    assert elsewhere(start, Spot("model.py", 5)) == " (model.py, line 5)"


def test_the_whole_file_speaks_where_no_call_is_known() -> None:
    project = project_of(FILES)
    start, target = project.functions["plugin.py", "<module>"], project.functions["model.py", "fit"]

    assert at_entry(project, start, target, Spot("model.py", 5)) == (start, Spot("plugin.py"))
