"""A model from a folder: the library's own object, or one answer for all kinds of models. Never nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from solvent.errors import SolventError
from solvent.models import mlmodel as mlmodels
from solvent.models.code import importable
from solvent.models.errors import DependencyMissing, LoadFailed, NotAModel, UnsafeModel
from solvent.models.facts import unsafe_files
from solvent.models.files import check_folder, drop_bytecode, file_paths
from solvent.models.flavors import known, pyfunc
from solvent.models.mlmodel import MLmodel
from solvent.models.pyfunc_model import PyFuncModel
from solvent.models.requirements import requirement_of
from solvent.models.versions import check_python, check_versions
from solvent.wire.model_files import ModelFile

T = TypeVar("T")


def load_folder(
    folder: str | Path,
    flavor: str | None = None,
    *,
    files: Iterable[ModelFile] | None = None,
    trust_pickle: bool = False,
    ignore_versions: bool = False,
) -> Any:
    """The model in a folder, as the library has it; a model that is a Python object as ``load_pyfunc`` has it.

    Args:
        flavor: which of the model's flavours; the first that is known here, if it is not given.
        files: those that were recorded, all of them; the folder must hold these and no others.
        trust_pickle: load files that run code though none were recorded.
        ignore_versions: try it with another major version of the library.

    Raises:
        NotAModel: there is no folder, no MLmodel file, or it can't be read or names files outside of the folder.
        ModelFileMissing, ModelFileChanged: the files are not the recorded ones, or not there.
        UnsafeModel: to load it would run code, and neither ``files`` nor ``trust_pickle`` says that it may.
        UnknownFlavor: the model has no flavour that is wanted or known.
        DependencyMissing: a library is not installed, or has another major version.
        LoadFailed: the library could not make the model of its files.
    """
    place = Path(folder)
    said = read_folder(place)
    name = known.choose(said.flavors, flavor)
    if name == known.PYFUNC:
        return load_pyfunc(place, files=files, trust_pickle=trust_pickle, ignore_versions=ignore_versions)
    conf = said.flavors[name]
    _admit(place, said, [name], files, trust_pickle=trust_pickle)
    check_versions(place, name, conf, ignore=ignore_versions)
    return _made(place, conf, name, lambda: known.flavor(name).load(place, conf))


def load_pyfunc(
    folder: str | Path,
    *,
    files: Iterable[ModelFile] | None = None,
    trust_pickle: bool = False,
    ignore_versions: bool = False,
) -> PyFuncModel:
    """The model as something that predicts, whichever library made it; its input is checked against its signature.

    Args and errors as of ``load_folder``.
    """
    place, files = Path(folder), None if files is None else list(files)
    said = read_folder(place)
    conf = said.flavors[known.choose(said.flavors, known.PYFUNC)]
    wrapped = _wrapped(said)
    names = [known.PYFUNC] + ([wrapped] if wrapped else [])
    _admit(place, said, names, files, trust_pickle=trust_pickle, foreign=not wrapped and pyfunc.is_foreign(conf))
    for name in [wrapped] if wrapped else [known.PYFUNC]:
        check_versions(place, name, said.flavors[name], ignore=ignore_versions)
    if not wrapped:
        check_python(conf)
        predictor = _made(place, conf, known.PYFUNC, lambda: pyfunc.predictor(place, conf))
        return PyFuncModel(said, predictor, lambda: pyfunc.load(place, conf))
    both = {**said.flavors[wrapped], "predict_fn": conf.get("predict_fn", "predict")}
    predictor = _made(place, both, wrapped, lambda: known.flavor(wrapped).predictor(place, both))
    return PyFuncModel(
        said,
        predictor,
        lambda: load_folder(place, wrapped, files=files, trust_pickle=trust_pickle, ignore_versions=ignore_versions),
    )


def read_folder(folder: Path) -> MLmodel:
    """What the MLmodel file of a folder says.

    Raises:
        NotAModel: there is no folder or no such file, or it can't be read.
    """
    if not folder.is_dir():
        raise NotAModel(f"there is no folder '{folder}': expected one that save_model has written")
    file = folder / mlmodels.FILE
    if not file.is_file():
        raise NotAModel(f"'{folder}' holds no file MLmodel, so it is no model: give the folder that save_model wrote")
    with file.open("rb") as opened:
        return mlmodels.read_mlmodel(opened.read(mlmodels.MAX_BYTES + 1))


def _wrapped(said: MLmodel) -> str | None:
    """The known flavour that answers for python_function: ``loader_module: mlflow.sklearn`` is the flavour sklearn's."""
    name = str(said.flavors[known.PYFUNC].get("loader_module", "")).removeprefix("mlflow.")
    return name if name in said.flavors and known.is_known(name) else None


def _admit(
    folder: Path,
    said: MLmodel,
    flavors: list[str],
    files: Iterable[ModelFile] | None,
    *,
    trust_pickle: bool,
    foreign: bool = False,
) -> None:
    """Whether the model may be loaded at all."""
    if files is not None:
        recorded = list(files)
        check_folder(folder, recorded)
        drop_bytecode(folder, recorded)
        return
    if trust_pickle:
        return
    paths = file_paths(folder)
    unsafe = sorted(
        {path for name in flavors for path in unsafe_files(said, paths, name)} | set(paths if foreign else ())
    )
    if unsafe:
        more = f" and {len(unsafe) - 1:,} more" if len(unsafe) > 1 else ""
        raise UnsafeModel(
            f"to load the model in '{folder}' runs what is in '{unsafe[0]}'{more} (a pickle or code), and no recorded"
            " hashes say whose it is: load it by its address in the registry, or pass trust_pickle=True if you know"
            " who made it"
        )


def _made(folder: Path, conf: dict[str, Any], name: str, make: Callable[[], T | None]) -> T:
    """What ``make`` makes; what the library raises becomes an error that says what to do."""
    try:
        with importable(folder, conf):
            made = make()
    except SolventError:
        raise
    except ImportError as error:
        module = error.name or "?"
        raise DependencyMissing(
            f"the model needs the Python module '{module}', which can't be imported ({error}):"
            f" pip install '{requirement_of(module, folder)}', or save the model with code_paths if the module is your own"
        ) from error
    except Exception as error:
        raise LoadFailed(
            f"{name} could not load the model in '{folder}': {type(error).__name__}: {' '.join(str(error).split())[:300]};"
            " its files may be damaged, or the library may be too far from the one that saved them"
        ) from error
    if made is None:
        raise LoadFailed(f"{name} has made nothing of the model in '{folder}': save the model again")
    return made
