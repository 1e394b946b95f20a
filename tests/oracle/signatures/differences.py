"""Where signatures differ from MLflow's on purpose, and why. A case that is not named here is the same."""

from __future__ import annotations

_SWALLOWED = "MLflow swallows the error and writes 'any', which checks nothing; here it is raised"
_KNOWN = "MLflow gives up and writes 'any'; the type is known"
_EXACT = "whole numbers that a floating point number holds exactly lose nothing"
_NULLABLE = "an optional column of whole numbers takes missing values: the sample had some"
_CATEGORY = "MLflow refuses the categories that its own signature was inferred from; the values are of the type"
_POSITION = "arrays have no names: their columns are taken by position if there are as many"
_TYPED = "MLflow lets any object pass; the values are checked"
_OWN = "Python's own whole numbers have no width: they fit if their value does"

DIFFERENT: dict[tuple[str, str], str] = {
    ("infer", "uint64"): _SWALLOWED,
    ("infer", "complex"): _SWALLOWED,
    ("infer", "timedelta"): _SWALLOWED,
    ("infer", "ints as objects with None"): "MLflow makes floating point numbers of them; they are optional whole ones",
    ("infer", "mixed objects"): _SWALLOWED,
    ("infer", "decimals"): _SWALLOWED,
    ("infer", "empty objects"): "MLflow guesses texts of no values",
    ("infer", "dicts that differ"): _SWALLOWED,
    ("infer", "a name twice"): _SWALLOWED,
    ("infer", "levels of names"): "MLflow writes names that it can't find again",
    ("infer", "series without name, with NaN"): _SWALLOWED,
    ("infer", "array without dimensions"): _SWALLOWED,
    ("infer", "csr array"): _KNOWN,
    ("infer", "dict of mixed lists"): _SWALLOWED,
    ("infer", "dict with an int as key"): _SWALLOWED,
    ("infer", "records of mixed values"): _SWALLOWED,
    ("infer", "list of mixed values"): _SWALLOWED,
    ("infer", "list of int and float"): _SWALLOWED,
    ("infer", "list of int16"): _KNOWN,
    ("infer", "list of timestamps"): _KNOWN,
    ("infer", "tuple"): _SWALLOWED,
    ("infer", "set"): _SWALLOWED,
    ("params", "empty list"): "MLflow takes it for a list of dates",
    ("enforce", "optional long: Int64 with NA"): _NULLABLE,
    ("enforce", "optional long: floats with NaN"): _NULLABLE,
    ("enforce", "integer: objects"): _OWN,
    ("enforce", "double: ints"): _EXACT,
    ("enforce", "float: ints"): _EXACT,
    ("enforce", "float: int16"): _EXACT,
    ("enforce", "boolean: NA"): "MLflow takes None for a missing truth value, but not pandas' NA",
    ("enforce", "string: ints as objects"): _TYPED,
    ("enforce", "string: category"): _CATEGORY,
    ("enforce", "binary: texts"): _TYPED,
    ("enforce", "category of ints, as trained"): _CATEGORY,
    ("enforce", "lists: with None"): "a list that lacks a value is what MLflow infers such a type from",
    ("enforce", "lists of doubles: ints"): _EXACT,
    ("enforce", "array for a column"): _POSITION,
    ("enforce", "array for columns"): _POSITION,
    ("enforce", "dict of lists of texts"): "a column of texts given many texts is many rows, as one of numbers is",
    ("enforce", "lists for a list of lists"): "MLflow refuses what its own signature was inferred from",
    ("enforce", "tensor of ints: column of fractions"): "MLflow cuts the fractions off",
}
