"""What can be wrong with a model: each broken link on the way to one has an error of its own."""

from __future__ import annotations

from solvent.errors import Conflict, InvalidInput, NotFound, PermissionDenied


class NotAModel(InvalidInput):
    """The folder holds no model, or its MLmodel file can't be read."""


class ModelFileMissing(NotFound):
    """A file that belongs to the model is not there."""


class ModelFileChanged(Conflict):
    """A file is not the one that was recorded when the model was made."""


class UnsafeModel(PermissionDenied):
    """To load the model would run what is in its files, and nothing proves that they are the recorded ones."""


class DependencyMissing(InvalidInput):
    """A library that the model needs is not installed, or is too far from the version it was saved with."""


class LoadFailed(InvalidInput):
    """The library could not make the model of its files, or made nothing; the message holds what it said."""


class UnknownFlavor(InvalidInput):
    """The model has no flavour that is asked for, or that is known here."""


class BadInput(InvalidInput):
    """What a model is to predict from does not fit its signature; the message names the columns."""
