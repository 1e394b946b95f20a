"""Environments that uv makes, without anything but what lies on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest

from solvent.errors import NotSupported
from solvent.projects.environment import Environment, prepare_environment
from solvent.projects.errors import EnvironmentFailed, InvalidProject
from solvent.projects.requirements import Requirements
from solvent.projects.spec import load_project
from tests.processes import runs


def make_project(folder: Path, environment: str = "", name: str = "python_env.yaml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "MLproject").write_text("name: small\n")
    (folder / name).write_text(environment)
    return folder


def prepare(folder: Path, manager: str = "uv") -> tuple[Environment, list[str]]:
    said: list[str] = []
    return prepare_environment(load_project(folder), manager, said.append), said


def make_wheel(folder: Path, name: str, version: str, requires: str = "") -> Path:
    """A package of one module."""
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}.py", f"version = '{version}'\n")
        needs = f"Requires-Dist: {requires}\n" if requires else ""
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def python(environment: Environment, program: str) -> str:
    command: list[str | Path] = [environment.programs / "python", "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_an_environment_holds_solvent_and_is_kept(tmp_path: Path, cache: Path) -> None:
    project = make_project(tmp_path / "p")
    environment, _ = prepare(project)
    again, said = prepare(project)
    assert (again, said) == (environment, [])
    assert environment.folder is not None
    assert environment.folder.parent == cache / "environments"
    assert python(environment, "import solvent; print(solvent.__file__)").startswith(str(environment.folder))
    scripts = subprocess.run(
        [environment.programs / "solvent", "--version"], check=True, capture_output=True, text=True
    )
    assert scripts.stdout.startswith("solvent, version")
    assert not list((cache / "environments").glob(".building-*"))


def test_requirements_decide_which_environment_it_is(tmp_path: Path, cache: Path) -> None:
    first = make_wheel(tmp_path, "alpha_package", "1.0")
    second = make_wheel(tmp_path, "alpha_package", "2.0")
    project = make_project(tmp_path / "p", "dependencies:\n  - -r requirements.txt\n")
    (project / "requirements.txt").write_text(f"{first}\n")
    one, said = prepare(project)
    assert "Building the environment of 'small'" in said[0]
    assert python(one, "import alpha_package; print(alpha_package.version)") == "1.0"
    (project / "requirements.txt").write_text(f"{second}\n")
    two, _ = prepare(project)
    assert two.key != one.key
    assert python(two, "import alpha_package; print(alpha_package.version)") == "2.0"


def test_a_local_package_is_found_beside_the_file_and_rebuilt_when_it_changes(tmp_path: Path, cache: Path) -> None:
    project = make_project(tmp_path / "p", "dependencies: ['./library']\n")
    library = project / "library"
    library.mkdir()
    wheel = make_wheel(library, "beta_package", "1.0")
    (project / "python_env.yaml").write_text(f"dependencies: ['./library/{wheel.name}']\n")
    one, _ = prepare(project)
    assert python(one, "import beta_package; print(beta_package.version)") == "1.0"


def test_the_projects_pins_win_over_ours(tmp_path: Path, cache: Path) -> None:
    """A pin that our own dependencies exclude: the project gets it, and is told what it can't have."""
    clash = make_wheel(tmp_path, "click", "7.0")
    project = make_project(tmp_path / "p", f"dependencies:\n  - {clash}\n")
    environment, said = prepare(project)
    assert python(environment, "import click; print(click.version)") == "7.0"
    assert "'import solvent' will not work in this project's environment" in said[-1]
    assert "click" in said[-1]
    _, again = prepare(project)
    assert again == said[-1:]


def test_a_project_that_asks_for_solvent_and_excludes_it_is_refused(tmp_path: Path, cache: Path) -> None:
    clash = make_wheel(tmp_path, "click", "7.0")
    project = make_project(tmp_path / "p", f"dependencies:\n  - {clash}\n  - solvent\n")
    with pytest.raises(EnvironmentFailed):
        prepare(project)


def test_requirements_that_exclude_each_other_are_explained_and_nothing_is_left(tmp_path: Path, cache: Path) -> None:
    needs = make_wheel(tmp_path, "gamma_package", "1.0", "delta_package==2.0")
    other = make_wheel(tmp_path, "delta_package", "1.0")
    project = make_project(tmp_path / "p", f"dependencies:\n  - {needs}\n  - {other}\n")
    before = set((cache / "environments").glob("*")) if (cache / "environments").exists() else set()
    with pytest.raises(
        EnvironmentFailed, match=r"requirements of 'small' can't be installed: .*delta-package"
    ) as caught:
        prepare(project)
    assert "\n" not in str(caught.value)
    left = {path.name for path in set((cache / "environments").glob("*")) - before}
    assert all(name.endswith(".lock") for name in left)


def test_two_builders_build_once(tmp_path: Path, cache: Path) -> None:
    wheel = make_wheel(tmp_path, "epsilon_package", "1.0")
    project = make_project(tmp_path / "p", f"dependencies: ['{wheel}']\n")
    results: list[tuple[Environment, list[str]]] = []
    threads = [threading.Thread(target=lambda: results.append(prepare(project))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({environment for environment, _ in results}) == 1
    assert sum(len(said) for _, said in results) == 1


def test_what_a_dead_builder_left_is_replaced(tmp_path: Path, cache: Path) -> None:
    wheel = make_wheel(tmp_path, "zeta_package", "1.0")
    project = make_project(tmp_path / "p", f"dependencies: ['{wheel}']\n")
    environment, _ = prepare(project)
    assert environment.folder is not None
    environment.folder.rename(environment.folder.with_name(f".building-{environment.key}"))
    again, said = prepare(project)
    assert again == environment
    assert len(said) == 1
    assert not list((cache / "environments").glob(".building-*"))


def test_a_killed_build_leaves_nothing_that_is_taken_for_an_environment(tmp_path: Path, cache: Path) -> None:
    """The builder and all that it started are killed in the middle; the next one, of any project, clears up."""
    slow = make_slow_package(tmp_path / "slow", seconds=60)
    project = make_project(tmp_path / "p", f"dependencies: ['{slow}']\n")
    builder = start_builder(project)
    wait_for(tmp_path / "building")
    os.killpg(builder.pid, signal.SIGKILL)
    builder.wait()
    kill(int((tmp_path / "building").read_text()))
    (part,) = (cache / "environments").glob(".building-*")
    assert not (cache / "environments" / part.name.removeprefix(".building-")).exists()
    prepare(make_project(tmp_path / "other"))
    assert not part.exists()


def test_an_interrupted_build_ends_everything_and_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    slow = make_slow_package(tmp_path / "slow", seconds=60)
    project = make_project(tmp_path / "p", f"dependencies: ['{slow}']\n")
    before = set((cache / "environments").glob("*")) if (cache / "environments").exists() else set()
    builder = start_builder(project)
    wait_for(tmp_path / "building")
    builder.send_signal(signal.SIGINT)
    assert builder.wait(timeout=30) != 0
    assert not runs(int((tmp_path / "building").read_text()))
    left = {path.name for path in set((cache / "environments").glob("*")) - before}
    assert all(name.endswith(".lock") for name in left)


def make_slow_package(folder: Path, seconds: int) -> Path:
    """A package whose own build backend says in the file ``building`` which process it is, and takes its time."""
    folder.mkdir()
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n'
        '[project]\nname = "slow-package"\nversion = "1.0"\n'
    )
    (folder / "slow.py").write_text(
        "import os, pathlib, time\n"
        "def build_wheel(*_, **__):\n"
        f"    pathlib.Path({str(folder.parent / 'building')!r}).write_text(str(os.getpid()))\n"
        f"    time.sleep({seconds})\n"
    )
    return folder


def start_builder(project: Path) -> subprocess.Popen[bytes]:
    code = (
        "import sys\nfrom pathlib import Path\nfrom solvent.projects.environment import prepare_environment\n"
        "from solvent.projects.spec import load_project\n"
        "prepare_environment(load_project(Path(sys.argv[1])), 'uv', print)\n"
    )
    return subprocess.Popen([sys.executable, "-c", code, project], process_group=0, stderr=subprocess.DEVNULL)


def wait_for(sign: Path) -> None:
    deadline = time.monotonic() + 60
    while not (sign.exists() and sign.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def test_the_folder_counts_only_if_requirements_name_it(tmp_path: Path, cache: Path) -> None:
    one, two = (make_project(tmp_path / name, "dependencies: ['-r r.txt']\n") for name in ("one", "two"))
    for folder in (one, two):
        (folder / "r.txt").write_text("# nothing but a comment\n")
    assert prepare(one)[0] == prepare(two)[0]
    make_wheel(one, "theta_package", "1.0")
    make_wheel(two, "theta_package", "1.0")
    for folder in (one, two):
        (folder / "r.txt").write_text("./theta_package-1.0-py3-none-any.whl\n")
    assert prepare(one)[0].key != prepare(two)[0].key


@pytest.mark.parametrize(
    ("text", "portable"),
    [
        ("scikit-learn==1.5.2 \\\n    --hash=sha256:abc\n# comment\n\n", True),
        ("a[b,c] >= 1, < 2 ; python_version >= '3.11'  # why", True),
        ("a @ https://host/a.whl\n--index-url https://host/simple", True),
        ("./a", False),
        ("-e .", False),
        ("a @ file:///tmp/a.whl", False),
        ("/tmp/a.whl", False),
        ("a.whl/../b", False),
        ("--find-links wheels", False),
    ],
)
def test_lines_that_mean_the_same_everywhere(text: str, portable: bool) -> None:
    assert Requirements(texts=(text,)).portable is portable


def test_an_interpreter_that_is_not_here_is_named(tmp_path: Path, cache: Path) -> None:
    project = make_project(tmp_path / "p", "python: '3.99'\n")
    with pytest.raises(EnvironmentFailed, match=r"asks for Python 3.99, which is not on this machine \(found: .*3\.1"):
        prepare(project)


def test_of_a_conda_environment_the_pip_part_is_installed(tmp_path: Path, cache: Path) -> None:
    wheel = make_wheel(tmp_path, "eta_package", "1.0")
    text = f"name: x\nchannels: [conda-forge]\ndependencies:\n  - python\n  - numpy=1.26\n  - pip:\n    - {wheel}\n"
    environment, said = prepare(make_project(tmp_path / "p", text, "conda.yaml"))
    assert "not honoured: channels ['conda-forge']; conda package numpy=1.26" in said[0]
    assert python(environment, "import eta_package; print(eta_package.version)") == "1.0"


def test_containers_are_refused(tmp_path: Path) -> None:
    (tmp_path / "MLproject").write_text("docker_env: {image: x}\n")
    with pytest.raises(NotSupported, match=r"docker_env.*give it a python_env.yaml"):
        prepare(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("dependancies: []", "unknown key 'dependancies'.*did you mean 'dependencies'"),
        ("python: [3]", "python must be a version"),
        ("python: '>=3.11'", "python must be a version"),
        ("dependencies: numpy", "dependencies must be a list"),
        ("dependencies: [{pip: x}]", "dependencies must be a list"),
        ("dependencies: ['-r nope.txt']", "nope.txt is not there"),
    ],
)
def test_environment_files_are_read_strictly(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InvalidProject, match=message):
        prepare(make_project(tmp_path / "p", text))


def test_a_cache_that_can_not_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SOLVENT_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(EnvironmentFailed, match="name another one with SOLVENT_CACHE"):
        prepare(make_project(tmp_path / "p"))


def test_the_local_manager_uses_the_running_interpreter(tmp_path: Path) -> None:
    environment, _ = prepare(make_project(tmp_path / "p"), "local")
    assert environment.folder is None
    assert (environment.programs / "python").exists()
