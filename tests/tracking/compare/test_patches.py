"""What two patches of one commit tell of how their files differ: held against the files themselves."""

from __future__ import annotations

import difflib
import time

from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.tracking.compare.patches import FilePatch, changes, parse
from tests.tracking.compare.repository import Repository

LINES = st.lists(st.sampled_from(["a", "b", "c", "", "x = 1", "+", "-1", "@@ -1 +1 @@"]), max_size=25)


def as_patch(base: list[str], lines: list[str], path: str = "f.py") -> str:
    """What git would write."""
    body = list(difflib.unified_diff(base, lines, f"a/{path}", f"b/{path}", lineterm=""))
    return "\n".join([f"diff --git a/{path} b/{path}", "index 1..2 100644", *body]) + "\n"


def told(before: str, after: str) -> list[tuple[str, int, int, str | None]]:
    found = changes(parse(before), parse(after), with_text=True)
    return [(change.path, change.added, change.removed, change.text) for change in found]


@given(LINES, LINES, LINES)
@settings(max_examples=300, deadline=None)
def test_the_difference_of_two_patches_leads_from_one_state_to_the_other(
    base: list[str], one: list[str], other: list[str]
) -> None:
    found = changes(parse(as_patch(base, one)), parse(as_patch(base, other)), with_text=True)
    if one == other:
        assert found == []
        return
    (change,) = found
    assert change.text is not None
    assert applied(one, change.text) == other
    assert change.added - change.removed == len(other) - len(one)


def applied(lines: list[str], text: str) -> list[str]:
    """The lines once the hunks of a unified diff are applied, each checked against what is there."""
    result, place = [], 0
    for hunk in parse(f"diff --git a/f b/f\n{text}\n")["f"].hunks:
        result += lines[place : hunk.start]
        assert lines[hunk.start : hunk.end] == hunk.before
        result += hunk.after
        place = hunk.end
    return result + lines[place:]


def test_a_file_that_only_one_state_has() -> None:
    new = "diff --git a/n.py b/n.py\nnew file mode 100644\n--- /dev/null\n+++ b/n.py\n@@ -0,0 +1,2 @@\n+one\n+two\n"
    assert told("", new) == [("n.py", 2, 0, "@@ -0,0 +1,2 @@\n+one\n+two")]
    assert told(new, "") == [("n.py", 0, 2, "@@ -1,2 +0,0 @@\n-one\n-two")]
    longer = new.replace("+1,2", "+1,3") + "+three\n"
    assert told(new, longer) == [("n.py", 1, 0, "@@ -1,2 +1,3 @@\n one\n two\n+three")]


def test_what_has_no_lines_is_told_by_its_head() -> None:
    mode = "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n"
    assert told("", mode) == [("run.sh", 0, 0, "+old mode 100644\n+new mode 100755")]
    assert told(mode, mode) == []
    binary = "diff --git a/m b/m\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKc{}\n\n"
    assert told("", binary) == [("m", 0, 0, "+GIT binary patch")]
    assert told(binary, binary.replace("Kc", "Kd")) != []
    empty = "diff --git a/e.py b/e.py\nnew file mode 100644\nindex 0000000..e69de29\n"
    assert told("", empty) == [("e.py", 0, 0, "+new file mode 100644")]


def test_a_missing_newline_at_the_end_is_a_difference() -> None:
    head = "diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -1 +1 @@\n-old\n"
    without = f"{head}+new\n\\ No newline at end of file\n"
    assert told(f"{head}+new\n", without) == [("f", 1, 1, "@@ -1,1 +1,1 @@\n-new\n+new\n\\ No newline at end of file")]


def test_what_git_wrote_is_understood(repository: Repository) -> None:
    repository.write("src/a file.py", "".join(f"{number}\n" for number in range(60)))
    repository.write("ünï.py", "x\n")
    repository.commit()
    repository.write("src/a file.py", "".join(f"{number * (number != 30)}\n" for number in range(50)))
    repository.write("ünï.py", "y\n")
    patch = parse(repository.git("diff", "HEAD"))
    assert [(file.added, file.removed) for file in patch.values()] == [(1, 11), (1, 1)]
    assert "src/a file.py" in patch


@given(st.text(st.sampled_from("+-@ 0123456789,\n\\diffgatb/x"), max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_text_is_taken(text: str) -> None:
    patch = parse(f"diff --git a/x b/x\n@@ -1,9 +1,9 @@\n{text}")
    other = parse(f"diff --git a/x b/x\n{text}")
    assert changes(patch, patch, with_text=True) == []
    told = [changes(patch, {}, with_text=True), changes(patch, other, with_text=True)]
    assert all(change.added >= 0 and change.removed >= 0 for found in told for change in found)


def test_large_patches_take_their_time_and_no_more() -> None:
    """Many hunks; hunks that lie on each other; long ones that have little in common."""
    many = "diff --git a/x b/x\n" + "".join(f"@@ -{line} +{line} @@\n-a\n+b\n" for line in range(1, 200_000, 3))
    piled = "diff --git a/x b/x\n" + "@@ -5,2 +5,2 @@\n-a\n+b\n c\n" * 50_000
    one, other = (
        "diff --git a/x b/x\n" + "@@ -0,0 +1,40000 @@\n" + "".join(f"+{number % step}\n" for number in range(40_000))
        for step in (17, 19)
    )
    start = time.process_time()
    for before, after in ((many, ""), (many, many.replace("+b", "+c")), (piled, many), (one, other)):
        assert changes(parse(before), parse(after), with_text=True)
    assert time.process_time() - start < 20


def test_the_number_of_files_and_the_length_of_texts_are_bounded() -> None:
    files = {f"f{number:04}": FilePatch(f"f{number:04}", ["new file mode"]) for number in range(600)}
    assert len(changes({}, files, with_text=False)) == 500
    line = "+" + "x" * 500_000
    long = "".join(f"diff --git a/{name} b/{name}\n@@ -0,0 +1 @@\n{line}\n" for name in "abcdef")
    told_long = changes({}, parse(long), with_text=True)
    assert [change.text is None for change in told_long] == [False] * 3 + [True] * 3
    assert [change.added for change in told_long] == [1] * 6


def test_paths_are_taken_as_they_stand() -> None:
    assert set(parse("diff --git a/b/ b/x b/b/ b/x\nnew file mode 100644\n")) == {"b/ b/x"}
