"""The rules of artifact paths."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.artifacts.paths import file_path, folder_path, proxy_path
from solvent.errors import InvalidInput

CLIMBING = [
    "../x",
    "a/../../x",
    "..",
    "a/..",
    "%2e%2e/x",
    "%252e%252e%252fx",
    "a/%2e%2e/%2e%2e/x",
    "..%2fx",
    "%2e%2e%5cx",
]
ABSOLUTE = ["/etc/passwd", "//etc/passwd", "%2fetc/passwd", "C:/x", "C:\\x", "\\\\host\\share", "file:///etc/passwd"]
ODD = [
    "a\\b",
    "a\x00b",
    "a%00b",
    "a\nb",
    "a//b",
    "a/./b",
    "a#b",
    "a%23/../b",
    "\ud800",
    ".solvent-upload-1/x",
    "%" + "25" * 20,
]
LONG = ["a" * 256, "ä" * 200, "/".join(["a" * 200] * 20)]


@pytest.mark.parametrize("path", ["", ".", "/", *CLIMBING, *ABSOLUTE, *ODD, *LONG])
def test_a_path_that_is_not_below_the_root_is_refused_in_one_line(path: str) -> None:
    with pytest.raises(InvalidInput, match="Invalid path") as refused:
        file_path(path)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize("path", ["a", "a/b.txt", "a b/ü.txt", "100%.csv", "a?b", "a:b", "...", ".hidden", "x..y/z"])
def test_ordinary_names_are_kept_as_they_are(path: str) -> None:
    assert file_path(path) == path
    assert folder_path(path + "/") == path


def test_the_root_is_a_folder() -> None:
    assert [folder_path(path) for path in ("", ".")] == ["", ""]


@given(st.text(st.sampled_from("./\\%25ecfa#:\x00CF~ ") | st.characters(), max_size=40))
def test_no_accepted_path_leads_out_in_any_decoding(path: str) -> None:
    try:
        accepted = file_path(path)
    except InvalidInput:
        return
    form = accepted
    for _ in range(5):
        assert not PurePosixPath(form).is_absolute()
        assert ".." not in PurePosixPath(form).parts
        assert Path("/root", form).resolve().is_relative_to("/root")
        assert "\x00" not in form
        form = unquote(form)
    assert file_path(accepted) == accepted


def test_an_address_leads_to_a_path_of_the_proxy() -> None:
    assert proxy_path("mlflow-artifacts:/1/r/artifacts") == "1/r/artifacts"
    assert proxy_path("mlflow-artifacts://h:5000/1", "h:5000") == "1"
    assert proxy_path("mlflow-artifacts:/" + quote("a b")) == "a b"


@pytest.mark.parametrize(
    "uri",
    [
        "mlflow-artifacts://other/1",
        "mlflow-artifacts:/../x",
        "mlflow-artifacts:/%2e%2e/x",
        "s3://b/k",
        "mlflow-artifacts:///%2fetc",
    ],
)
def test_an_address_of_elsewhere_is_refused(uri: str) -> None:
    with pytest.raises(InvalidInput):
        proxy_path(uri, "here:1")
