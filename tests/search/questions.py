"""What both are asked: filters and orders of runs, experiments and logged models."""

from __future__ import annotations

from typing import Any

RUNS: list[dict[str, Any]] = [
    {
        "name": "r1",
        "start": 10,
        "end": 50,
        "status": "FINISHED",
        "params": {"a": "x", "b c": "it's", "order": "1", "a-b": "q", "lr": "0.10"},
        "metrics": {"m": 1.0, "m.min": 3.0, "val/loss": 0.5},
        "tags": {"t": "T", "group": "g"},
        "datasets": [["wine", "d1", "train"], ["wine", "d2", "eval"]],
    },
    {
        "name": "r2",
        "start": 20,
        "params": {"a": "X", "lr": "0.1"},
        "metrics": {"m": "nan", "n": 0.0},
        "tags": {"t": "u"},
        "datasets": [["beer", "d1", "train"]],
    },
    {
        "name": "r3",
        "start": 30,
        "end": 40,
        "status": "FAILED",
        "params": {"a": "it''s"},
        "metrics": {"m": "inf", "n": 2},
    },
    {"name": "r4", "start": 40},
    {"name": "R5", "start": 40, "params": {"a": "100%"}, "metrics": {"m": 1.0, "n": -1}, "tags": {"t": "T"}},
    {
        "name": "r6",
        "start": 5,
        "status": "KILLED",
        "end": 5,
        "metrics": {"m": "-inf", "n": "nan"},
        "params": {"lr": "9"},
    },
    {"name": "gone", "start": 7, "deleted": True, "metrics": {"m": 1.0}},
]

FILTERS = [
    "params.a = 'x'", "param.a = 'x'", "parameter.a='x'", 'parameters.a = "x"', "Params.a = 'x'", "`params`.a = 'x'",
    "params.`a` = 'x'", 'params."a" = \'x\'', "params.'a' = 'x'", '"params"."a" = \'x\'', "params.a = x",
    "params.a = `x`", "params.a = 1", "params.a = 'it''s'", "params.a = 'it\\'s'", "params.`b c` = \"it's\"",
    "params.a != 'x'", "params.zz != 'x'", "params.a <> 'x'", "params.a == 'x'", "params.a LIKE 'x'", "params.a like '%'",
    "params.a ILIKE 'x'", "params.a ilike 'X%'", "params.a LIKE '100%'", "params.a LIKE '_'", "params.a NOT LIKE 'x'",
    "params.a IN ('x')", "params.a > 'a'", "params.a IS NULL", "params.a is not null", "params.a IS  NOT  NULL",
    "params.a is null AND params.lr is not null", "params.lr = '0.1'", "params.lr LIKE '0.1%'", "metrics.m IS NULL",
    "params.order = '1'", "tags.group = 'g'", "params.a-b = 'q'", "params.`a-b` = 'q'", "metrics.m > 0", "metrics.m >= 1.0",
    "metrics.m = 1", "metrics.m != 1", "metrics.m < 1e5", "metrics.m < 1e+5", "metrics.m < 1.5E5", "metrics.m > -1",
    "metrics.m > - 1", "metrics.m > +1", "metrics.m > .5", "metrics.m > 5.", "metrics.m > '1'", "metrics.m > nan",
    "metrics.m > 0x10", "metrics.n <= 0", "metrics.n >= 0", "metrics.n != 0", "metrics.n = 0", "metrics.m>0", "metrics.m>-1",
    "metrics.1 > 0", "metrics.m.min > 2", 'metrics."m.min" > 2', "metrics.m IN (1)", "metric.m LIKE 'x'", "tags.t = 'T'",
    "tag.t ILIKE 't'", "tags.t != 'T'", "tags.`mlflow.runName` = 'r1'", "tags.mlflow.runName = 'r1'", "tags.t IS NULL",
    "attributes.run_name = 'r1'", "run_name = 'r1'", "attribute.run_name = 'r1'", "attr.run_name = 'r1'",
    "run.run_name = 'r1'", "`run_name` = 'r1'", "attributes.`run name` = 'r1'", "attributes.`Run name` = 'r1'",
    'attributes."Run Name" = \'r1\'', '"Run name" = \'r1\'', "run_name LIKE 'r%'", "run_name ILIKE 'r%'",
    "run_name IN ('r1')", "run_id IN ('{r1}')", "run_id NOT IN ('{r1}', \"{r2}\")", "run_id not in ('{r1}',)", "run_id IN ()",
    "run_id IN (1)", "run_id = '{r3}'", "run_id != '{r3}'", "run_id LIKE '{r3}'", "run_id > 'a'", "run_id IS NULL",
    "status = 'RUNNING'", "status = 'running'", "status != 'FINISHED'", "status LIKE 'F%'", "attributes.status ILIKE 'f%'",
    "user_id = 'ann'", "artifact_uri LIKE '%/artifacts'", "start_time > 15", "start_time > 15.5", "start_time > '15'",
    "attributes.start_time >= 10 and start_time < 30", "created > 15", "attributes.Created <= 20", "end_time > 0",
    "end_time != 40", "end_time = 40", "end_time IS NULL", "experiment_id = '1'", "lifecycle_stage = 'active'", "foo = 'x'",
    "datasets.name = 'wine'", "dataset.digest LIKE 'd%'", "datasets.context = 'train'", "datasets.name IN ('wine', 'beer')",
    "datasets.name NOT IN ('wine')", "datasets.name != 'wine'", "datasets.context != 'train'", "datasets.name ILIKE 'W%'",
    "datasets.name IS NULL", "datasets.foo = 'x'", "datasets.name = 'wine' AND datasets.context = 'eval'",
    "params.a = 'x' AND metrics.m > 0", "params.a = 'x' OR metrics.m > 0", "params.a = 'x' metrics.m > 0",
    "metrics.m > 0 AND AND params.a = 'x'", "AND metrics.m > 0", "metrics.m > 0 AND", "AND", "(metrics.m > 0)",
    "NOT metrics.m > 0", " metrics.m > 0 ", "metrics.m\n> 0\nAND params.a = 'x'", "metrics.m > 0;",
    "metrics.m > 0; metrics.m > 1", "metrics.m > 0 -- hi", "metrics.m > 0 /* hi */", "'x' = params.a", "0 < metrics.m",
    "params.a = params.a", "metrics.m", "metrics.m >", "> 5", "garbage", "metrics . m > 0", "params.a = ''", "params. = 'x'",
    "params.`` = 'x'", "metrics.m > 1 000", "metrics.m BETWEEN 1 AND 2", "params.a = 'x", "params.a IS 'x'", "params.é = 'x'",
    "metrics.val/loss > 0", "metrics.`val/loss` > 0", "params.in = 'x'", "params.select = 'x'", "tags.name = 'x'",
    'params.a="x"AND params.lr="0.10"', "metrics.m > 0 AND status = 'FINISHED' AND tags.t LIKE '%T%' AND start_time > 1",
]  # fmt: skip

ORDERS: list[list[str]] = [
    [], ["metrics.m"], ["metrics.m ASC"], ["metrics.m DESC"], ["metric.n desc"], ["params.a"], ["params.a DESC"],
    ["params.lr"], ["tags.t"], ["tags.t DESC"], ["start_time"], ["start_time DESC"], ["attributes.start_time ASC"], ["created"],
    ["end_time"], ["end_time DESC"], ["run_name"], ["status"], ["status DESC"], ["run_id"], ["run_id DESC"], ["user_id"],
    ["metrics.`m`"], ['metrics."m"'], ["metrics.'m'"], ["metrics.m", "params.a DESC"], ["metrics.m DESC", "metrics.n", "tags.t"],
    ["metrics.m", "metrics.m"], ["start_time", "created"], ["params.`b c` DESC"], ["metrics.none"], ["tags.mlflow.runName DESC"],
    ["`Run name`"], ["datasets.name"], ["foo"], ["metrics.m UP"], ["metrics.m ASC, params.a"], ["metrics.m NULLS LAST"], [""],
    ["metrics.val/loss"], ["m"], [" metrics.m  desc "], ["experiment_id"],
]  # fmt: skip

EXPERIMENTS: list[dict[str, Any]] = [
    {"name": "alpha", "tags": {"team": "red"}},
    {"name": "Beta", "tags": {"team": "blue", "a b": "1"}},
    {"name": "gamma", "tags": {}},
    {"name": "old", "tags": {"team": "red"}, "deleted": True},
]
EXPERIMENT_FILTERS = [
    "", "name = 'alpha'", "attribute.name LIKE 'a%'", "name ILIKE 'b%'", "name like 'a%'", "name != 'alpha'", "experiment_id = '1'",
    "experiment_id IN ('1', '2')", "experiment_id NOT IN ('1')", "experiment_id != '0'", "experiment_id = 1", "experiment_id = 'q'",
    "experiment_id in ('1')", "experiment_id LIKE '1'", "creation_time >= 0", "creation_time > 5.5", "creation_time > '5'",
    "attributes.name = 'alpha'", "tags.team IS NULL", "tags.team is not null", "tag.team = 'red'", "tags.team != 'red'",
    "tags.`a b` = '1'", "tags.team LIKE 'r%'", "tags.team IN ('red')", "name IN ('alpha')", "name = 'alpha' AND", "name IS NULL",
    "metrics.m > 0", "last_update_time > 0 AND name = 'Beta'", "foo = 'x'", "name = 'alpha' OR name = 'Beta'",
]  # fmt: skip
EXPERIMENT_ORDERS: list[list[str]] = [
    ["name"], ["name DESC"], ["experiment_id"], ["experiment_id DESC"], ["creation_time"], ["last_update_time DESC"],
    ["name", "name"], ["tags.team"], ["foo"],
]  # fmt: skip

MODELS: list[dict[str, Any]] = [
    {"name": "tree", "type": "sk", "params": {"depth": "3"}, "tags": {"t": "1"}, "metrics": [["f1", 0.5, 0, "wine"], ["f1", 0.7, 1, "wine"]]},
    {"name": "net", "type": "torch", "params": {"depth": "30"}, "tags": {}, "metrics": [["f1", 0.9, 0, "beer"]]},
    {"name": "rule", "type": None, "params": {}, "tags": {"t": "2"}, "metrics": []},
]  # fmt: skip
MODEL_FILTERS = [
    "", "name = 'tree'", "attributes.name != 'tree'", "name LIKE 't%'", "name ilike 'T%'", "name IN ('tree', 'net')",
    "params.depth = '3'", "params.depth = 3", "params.depth LIKE '3%'", "params.depth IN ('3')", "params.depth != '3'",
    "tags.t = '1'", "tags.t != '1'", "metrics.f1 > 0.6", "metrics.f1 < 0.6", "metrics.`f1` >= 0.9", "metrics.f1 = 'x'",
    "model_type = 'sk'", "model_type != 'sk'", "creation_time > 5", "creation_timestamp > 5 AND name = 'net'",
    "last_updated_timestamp_ms > 0", "status = 2", "tags.t > '1'", "tags.t IS NULL", "foo = 'x'", "AND",
    "metric.f1 > 0.6", "name = 'tree' OR name = 'net'", "experiment_id = '1'",
]  # fmt: skip
MODEL_ORDERS: list[list[dict[str, Any]]] = [
    [], [{"field_name": "name"}], [{"field_name": "name", "ascending": False}], [{"field_name": "metrics.f1"}],
    [{"field_name": "metrics.f1", "ascending": False}], [{"field_name": "metrics.f1", "dataset_name": "wine"}],
    [{"field_name": "creation_time", "ascending": True}], [{"field_name": "creation_timestamp", "ascending": False}],
    [{"field_name": "model_type"}, {"field_name": "model_id"}], [{"field_name": "params.depth"}], [{"field_name": "foo"}],
]  # fmt: skip

BEYOND = {
    '"params"."a" = \'x\'', "params.a NOT LIKE 'x'", "params.a IN ('x')", "params.a IS  NOT  NULL", "metrics.m IS NULL",
    "params.a-b = 'q'", "metrics.m < 1e+5", "metrics.m > +1", "metrics.1 > 0", "metrics.m IN (1)", "run_name IN ('r1')",
    "run_id IS NULL", "end_time IS NULL", "datasets.name IS NULL", "params.a = 'x' OR metrics.m > 0", "(metrics.m > 0)",
    "NOT metrics.m > 0", "metrics.val/loss > 0", "params.in = 'x'", "`Run name`", " metrics.m  desc ", "metrics.val/loss",
    "name like 'a%'", "experiment_id in ('1')", "creation_time > 5.5", "attributes.name = 'alpha'", "tags.team IN ('red')",
    "name IN ('alpha')", "name IS NULL", "name = 'alpha' OR name = 'Beta'", "name = 'tree' OR name = 'net'", "tags.t IS NULL",
    "metric.f1 > 0.6",
}  # fmt: skip
"""Refused by MLflow, answered by us."""

REFUSED = {"params. = 'x'", "params.`` = 'x'", "params.a = 'it\\'s'"}
"""Answered by MLflow, refused by us: no key, and a quote that a backslash does not escape there either."""

DIFFERENT = {"params.a = 'it''s'"}
"""A doubled quote is one quote here, as in SQL; MLflow looks for both."""
