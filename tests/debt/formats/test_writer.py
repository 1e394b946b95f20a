"""Where reports go."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from solvent.debt.formats.writer import read_outputs, write_all
from solvent.errors import InvalidInput
from tests.debt.formats.reports import finding, report, troubled


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["jsn"], "there is no format 'jsn': did you mean json?"),
        (["writer"], "there is no format 'writer'"),
        (["parts"], "there is no format 'parts'"),
        (["json", "sarif"], "only one format can go to the terminal"),
        (["json="], "names no file"),
        (["json=a", "sarif=./a"], "two formats would be written to"),
        (["json=."], "is a folder"),
    ],
)
def test_what_can_not_be_written_is_said_first(given: list[str], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        read_outputs(given)


def test_several_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outputs = read_outputs(["concise", f"json={tmp_path}/new/debt.json", f"html={tmp_path}/debt=1.html"])
    write_all(troubled(), outputs)

    assert "COD207" in capsys.readouterr().out
    assert len(json.loads((tmp_path / "new" / "debt.json").read_text())["findings"]) == 2
    assert (tmp_path / "debt=1.html").read_text().startswith("<!doctype html>")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["debt=1.html", "new"]


def test_without_anything_on_stdout_the_total_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_all(troubled(), read_outputs([f"json={tmp_path}/a.json"]))

    out, err = capsys.readouterr()
    assert (out, err.split(",")[0]) == ("", "2 findings (1 high")


def test_a_report_that_fails_half_way_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    with pytest.raises(InvalidInput, match=r"a\.json can't be written: No space left on device"):
        write_all(troubled(), read_outputs([f"json={target}"]))
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert target.read_text() == "old"


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to("real.json")
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_all(report(), read_outputs([f"json={tmp_path}/link.json", f"jsonl={tmp_path}/pipe"]))

    assert (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["findings"] == []
    assert json.loads(os.read(reader, 100_000))["kind"] == "summary"
    os.close(reader)


def test_names_that_are_no_text_are_spelled_out(tmp_path: Path) -> None:
    odd = report(
        [finding(path="caf\udce9.py", message="\ud800", symbol="\udcff")], unreadable=[("\udce9.py", "no text")]
    )
    write_all(odd, read_outputs([f"json={tmp_path}/a.json", f"sarif={tmp_path}/a.sarif", f"html={tmp_path}/a.html"]))

    document = json.loads((tmp_path / "a.json").read_text())
    assert document["findings"][0]["path"] == r"caf\udce9.py"
    assert document["unreadable"][0]["path"] == r"\udce9.py"


@pytest.mark.parametrize(("shown", "place"), [("concise", "out"), ("sarif", "err")])
def test_statistics_come_after_what_people_read(shown: str, place: str, capsys: pytest.CaptureFixture[str]) -> None:
    write_all(troubled(), read_outputs([shown]), statistics=True)

    assert "findings  to mend" in getattr(capsys.readouterr(), place)
