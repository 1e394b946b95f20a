"""The baseline: its file, what it knows, and that it only shrinks."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.debt.baseline import Entry, entry_of, match, numbered, read_baseline, written
from solvent.debt.engine.check import Options, Report, check
from solvent.debt.errors import CheckIncomplete, InvalidBaseline
from solvent.debt.findings import Finding, Found
from solvent.debt.keep_baseline import keep_baseline
from solvent.debt.project.project import Project
from solvent.debt.registry import all_rules
from tests.debt.repositories import put

BAD = "import numpy as np\nx == np.nan\n"
TWICE = BAD + "y == np.nan\n"


def finding(path: str, fingerprint: str, message: str = "bad") -> Finding:
    return Finding("COD207", "nan-comparison", message, path, 1, 1, "high", 2, fingerprint)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    put(tmp_path, {"pyproject.toml": "", "a.py": BAD, "b.py": TWICE})
    return tmp_path


def options(root: Path, *, select: str = "COD207", path: str = ".") -> Options:
    return Options(paths=[root / path], select=[select], cache=False, jobs=1)


def keep(root: Path, *, update: bool = False, reason: str = "", select: str = "COD207") -> list[str]:
    return list(keep_baseline(options(root, select=select), None, update=update, reason=reason))


def look(root: Path, *, select: str = "COD207", path: str = ".", exclude: tuple[str, ...] = ()) -> Report:
    return check(
        Options(
            paths=[root / path],
            select=[select],
            cache=False,
            jobs=1,
            exclude=exclude,
            baseline=root / "debt-baseline.jsonl",
        )
    )


def lines(root: Path) -> list[str]:
    return (root / "debt-baseline.jsonl").read_text().splitlines()[1:]


def test_what_it_knows_does_not_fail_the_check(root: Path) -> None:
    told = keep(root)

    assert told[0] == "Wrote debt-baseline.jsonl: 3 findings known from now on."
    assert 'baseline = "debt-baseline.jsonl"' in told[1]
    assert [msgspec.json.decode(line)["path"] for line in lines(root)] == ["a.py", "b.py", "b.py"]
    report = look(root)
    assert report.findings == []
    assert report.summary.known == 3
    assert (report.summary.findings, report.paid) == (0, [])


def test_the_settings_can_name_it(root: Path) -> None:
    keep(root)
    (root / "solvent.toml").write_text('[debt]\nbaseline = "debt-baseline.jsonl"\n')

    assert check(options(root)).summary.known == 3


def test_a_new_finding_fails_also_if_equal_ones_are_known(root: Path) -> None:
    keep(root)
    put(root, {"a0.py": BAD})

    assert [each.path for each in look(root).findings] == ["a0.py"]
    assert [each.path for each in look(root, path="a0.py").findings] == ["a0.py"]
    assert look(root, path="a.py").findings == []


def test_moved_files_are_still_known(root: Path) -> None:
    keep(root)
    (root / "b.py").rename(root / "c.py")

    assert look(root).findings == []


def test_paid_findings_are_told_and_removed_by_an_update_only(root: Path) -> None:
    keep(root)
    (root / "b.py").write_text(BAD)

    report = look(root)
    assert [entry.path for entry in report.paid] == ["b.py"]
    assert "1 finding of the baseline is paid" in report.notes[0]
    assert keep(root)[0] == "debt-baseline.jsonl: 3 findings known, 1 paid, 0 new."
    assert len(lines(root)) == 3
    before = lines(root)
    assert keep(root, update=True)[0] == "debt-baseline.jsonl: 2 findings known, 1 paid (removed), 0 new."
    assert set(lines(root)) < set(before)


def test_an_update_adds_nothing_and_acceptance_has_a_reason(root: Path) -> None:
    keep(root)
    put(root, {"new.py": "import numpy as np\nz == np.nan\nx == np.nan\n"})

    assert "2 new." in keep(root, update=True)[0]
    assert len(lines(root)) == 3
    assert "2 new (accepted)" in keep(root, reason="from the old project")[0]
    assert [msgspec.json.decode(line).get("reason") for line in lines(root) if "new.py" in line] == [
        "from the old project"
    ] * 2
    assert look(root).findings == []
    keep(root, update=True)
    assert sum("from the old project" in line for line in lines(root)) == 2


def test_what_was_not_looked_at_is_not_paid(root: Path) -> None:
    keep(root)
    (root / "b.py").write_text("def broken(:\n")

    assert look(root).paid == []
    assert look(root, select="CFG102").paid == []
    (root / "b.py").unlink()
    assert look(root, exclude=("b.py",)).paid == []
    assert len(look(root).paid) == 2
    keep(root, update=True, select="CFG102")
    assert len(lines(root)) == 3


def test_an_update_with_an_unreadable_file_keeps_all_that_is_known(root: Path) -> None:
    put(root, {"a.py": "def broken(:\n", "z.py": BAD})
    put(root, {"a.py": BAD})
    keep(root)
    put(root, {"a.py": "def broken(:\n"})

    keep(root, update=True)
    put(root, {"a.py": BAD})
    assert look(root).findings == []
    assert len(lines(root)) == 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: text.replace('{"path":"b.py"', '<<<<<<< HEAD\n{"path":"b.py"', 1), "line 3: a merge conflict"),
        (lambda text: text + "=======\n", "line 5: a merge conflict"),
        (lambda text: text + '{"path": 3}\n', "line 5: not an entry"),
        (lambda text: text + '{"path": "a.py", "code"', "line 5: not an entry"),
        (lambda text: text.partition("\n")[2], "line 1: not a baseline"),
        (lambda text: "", "line 1: not a baseline"),
        (lambda text: "[" * 100_000, "line 1: not a baseline"),
        (lambda text: text.replace('"solvent-debt-baseline":1', '"solvent-debt-baseline":2'), "form 2"),
    ],
)
def test_a_damaged_file_is_one_clear_line(root: Path, change: object, told: str) -> None:
    keep(root)
    path = root / "debt-baseline.jsonl"
    path.write_text(change(path.read_text()))  # type: ignore[operator]

    with pytest.raises(InvalidBaseline, match=told) as raised:
        look(root)
    assert "\n" not in str(raised.value)


def test_bytes_that_are_no_text_and_a_missing_file(root: Path) -> None:
    with pytest.raises(InvalidBaseline, match="'solvent debt baseline' writes one"):
        look(root)
    (root / "debt-baseline.jsonl").write_bytes(b'{"solvent-debt-baseline":1}\n{"path":"\xff","code":"a"}\n')
    with pytest.raises(InvalidBaseline, match="line 2"):
        look(root)


def test_line_ends_and_marks_of_other_editors_are_read(root: Path) -> None:
    keep(root)
    path = root / "debt-baseline.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")

    assert len(read_baseline(path)) == 3


@given(st.lists(st.tuples(st.text(), st.text(), st.sampled_from(["a", "a-2", "b", "b-3"]), st.text())))
def test_any_text_survives_on_one_line(parts: list[tuple[str, str, str, str]]) -> None:
    entries = numbered(Entry(path, "COD207", message, mark, reason) for path, message, mark, reason in parts)
    content = written(entries)

    assert content.count(b"\n") == len(entries) + 1
    decoded = [msgspec.json.decode(line, type=Entry) for line in content.split(b"\n")[1:-1]]
    assert sorted(decoded, key=lambda each: each.fingerprint) == sorted(entries, key=lambda each: each.fingerprint)
    assert len({entry.fingerprint for entry in entries}) == len(entries)


@given(st.data())
def test_matching_counts_equal_findings(data: st.DataObject) -> None:
    """As many of a group are known as there are entries of it, those of the same file first."""
    place = st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "x-2", "x-3", "y"]))
    before = [finding(*each) for each in data.draw(st.lists(place, unique_by=lambda p: p[1]))]
    now = [finding(*each) for each in data.draw(st.lists(place, unique_by=lambda p: p[1]))]

    matched = match(now, map(entry_of, before))

    assert len(matched.known) + len(matched.new) == len(now)
    assert len(matched.known) + len(matched.missing) == len(before)
    for group in "xy":
        count = [sum(each.fingerprint[0] == group for each in some) for some in (now, before, matched.new)]
        assert count[2] == max(0, count[0] - count[1])
        for path in "abc":
            here = [
                sum(e.fingerprint[0] == group and e.path == path for e in some) for some in (now, before, matched.new)
            ]
            assert here[2] <= max(0, here[0] - here[1])


def test_surrogates_and_control_characters_do_not_break_the_file() -> None:
    entry = entry_of(finding("a\udce9.py", "a", "colour \x1b[31m\n" + "x" * 500))

    assert entry.message.isprintable()
    assert len(entry.message) == 100
    assert written([entry])


def test_a_check_that_is_not_whole_makes_no_baseline_and_changes_none(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: Project) -> list[Found]:
        raise KeyError("x")

    keep(root, select="COD207")
    before = (root / "debt-baseline.jsonl").read_bytes()
    (root / "b.py").write_text("x = 1\n")
    monkeypatch.setitem(all_rules(), "TST801", dataclasses.replace(all_rules()["TST801"], check_project=failing))

    with pytest.raises(CheckIncomplete, match="TST801 did not run"):
        keep(root, update=True, select="ALL")
    assert (root / "debt-baseline.jsonl").read_bytes() == before
    (root / "debt-baseline.jsonl").unlink()
    with pytest.raises(CheckIncomplete, match="TST801 did not run"):
        keep(root, select="ALL")
    assert not (root / "debt-baseline.jsonl").exists()
