"""What ``solvent.sklearn`` and its kind offer: one object per flavour, whose methods are the module's functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

    from solvent.client.models.entities import ModelInfo
    from solvent.models.mlmodel import MLmodel


class ModelFlavor:
    """``name`` as ``models.save.save_model`` knows it. Nothing is imported before a method is called."""

    def __init__(self, name: str) -> None:
        self.name = name

    def log_model(
        self,
        model: Any,
        name: str,
        *,
        signature: Any = None,
        input_example: Any = None,
        registered_model_name: str | None = None,
        requirements: Sequence[str] | None = None,
        metadata: dict[str, Any] | None = None,
        code_paths: Iterable[str | Path] | None = None,
        run_id: str | None = None,
        step: int = 0,
        **options: Any,
    ) -> ModelInfo:
        """Keep a model with the active run, which is opened if there is none; it returns once the server has it.

        Args:
            name: of the logged model; no slash.
            signature: what it takes and gives, by ``solvent.infer_signature`` or MLflow's; without one it is inferred
                from ``input_example``.
            input_example: some rows that the model takes, or a pair of that and a dict of params; five rows are kept.
                What is wrong with it is a warning, and the tag ``solvent.signature_problem``.
            registered_model_name: register it as a new version of this model too, which is made if it is not there.
            requirements: what loading needs, one requirement each, in place of what is found in the model.
            metadata: what else is to be known of the model; plain data.
            code_paths: files and folders with Python modules that the model needs; they make it unsafe to load.
            run_id: another run than the active one.
            step: of the run's metrics.
            options: of the flavour; an unknown one is refused with those that there are.

        Raises:
            InvalidInput: the model is none of this flavour, or can't be held by the format.
            DependencyMissing: a library that saving needs is not installed.
            Unavailable: the server can't be reached. The saved model is kept in the folder that the message names.
            UnsafeModel: the server takes no models that run code when they are loaded.
        """
        from solvent.client.models.logging import log_model

        return log_model(
            self.name,
            model,
            name,
            signature=signature,
            input_example=input_example,
            registered_model_name=registered_model_name,
            requirements=requirements,
            metadata=metadata,
            code_paths=code_paths,
            run_id=run_id,
            step=step,
            **options,
        )

    def save_model(
        self,
        model: Any,
        path: str | os.PathLike[str],
        *,
        signature: Any = None,
        input_example: Any = None,
        requirements: Sequence[str] | None = None,
        metadata: dict[str, Any] | None = None,
        code_paths: Iterable[str | Path] | None = None,
        **options: Any,
    ) -> MLmodel:
        """Write a model into a new folder, in MLflow's format. Arguments and errors as of ``log_model``, and:

        Raises:
            AlreadyExists: the folder holds something.
        """
        from solvent.client.models.saving import save

        return save(
            self.name,
            model,
            Path(path),
            signature=signature,
            input_example=input_example,
            requirements=requirements,
            metadata=metadata,
            code_paths=code_paths,
            **options,
        ).mlmodel

    def load_model(
        self,
        uri: str | os.PathLike[str],
        *,
        trust_pickle: bool = False,
        dst: str | os.PathLike[str] | None = None,
        ignore_versions: bool = False,
    ) -> Any:
        """The model at an address, as the library has it. Arguments and errors as of ``solvent.load_model``, and:

        Raises:
            UnknownFlavor: the model has no such flavour.
        """
        from solvent.client.models.loading import load_model

        return load_model(uri, flavor=self.name, trust_pickle=trust_pickle, dst=dst, ignore_versions=ignore_versions)
