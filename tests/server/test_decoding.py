"""Bad bodies and queries: the answer names the field or the byte."""

from __future__ import annotations

import pytest

from solvent.server.api import MAX_BODY
from tests.server.conftest import Web

LOG_METRIC = "/api/2.0/mlflow/runs/log-metric"
JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"x=name", "the request body is not JSON: invalid character (byte 0)"),
        (b'{"key": "a"', "the request body is not JSON: Input data was truncated"),
        (b'{"key": "a"} x', "the request body is not JSON: trailing characters (byte 14)"),
        (b'{"value": NaN}', 'the request body is not JSON: bare NaN at byte 10; send it as the text "NaN"'),
        (b'{"value": -Infinity}', 'bare -Infinity at byte 10; send it as the text "-Infinity"'),
        (b'{"key": "\xff"}', "the request body is not valid UTF-8"),
        (b"[1]", "the request body has the wrong form: expected `object`, got `array`"),
        (b'{"step": 1.5}', "Invalid value 1.5 for parameter 'step' supplied: expected `int | null`, got `float`"),
        (b'{"value": true}', "Invalid value true for parameter 'value' supplied"),
        (b'{"key": ["%s"]}' % (b"x" * 500), 'xxxx... for parameter \'key\' supplied'),
        (b"[" * 100_000, "the request body"),
        (b'{"unknown": ' + b"[" * 100_000, "the request body"),
    ],
)  # fmt: skip
def test_a_bad_body_is_told_what_is_wrong(web: Web, body: bytes, message: str) -> None:
    answer = web.ask("POST", LOG_METRIC, body=body, headers=JSON)
    assert (answer.status, answer.json["error_code"]) == (400, "INVALID_PARAMETER_VALUE")
    assert message in answer.json["message"]


def test_a_nested_field_is_named_by_its_place(web: Web) -> None:
    batch = {"run_id": "x", "metrics": [{"key": "a", "value": 1}, {"key": "b", "step": "soon"}]}
    answer = web.post("/api/2.0/mlflow/runs/log-batch", batch)
    assert answer.json["message"].startswith("Invalid value \"soon\" for parameter 'metrics[1].step' supplied")


def test_an_empty_body_lacks_its_fields(web: Web) -> None:
    answer = web.ask("POST", "/api/2.0/mlflow/experiments/create", body=b"")
    assert (answer.status, "required parameter 'name'" in answer.json["message"]) == (400, True)


def test_only_json_is_taken_for_json(web: Web) -> None:
    answer = web.ask("POST", LOG_METRIC, body=b"{}", headers={"content-type": "text/plain"})
    assert answer.status == 400
    assert "Content-Type must be one of ['application/json'], but was 'text/plain'" in answer.json["message"]
    charset = {"content-type": "Application/JSON; charset=utf-8"}
    assert "required parameter" in web.ask("POST", LOG_METRIC, body=b"{}", headers=charset).json["message"]


def test_numbers_may_be_texts_as_mlflow_sends_them(web: Web) -> None:
    assert web.get("/api/2.0/mlflow/experiments/search?max_results=5").status == 200
    answer = web.get("/api/2.0/mlflow/experiments/search?max_results=abc")
    assert answer.json["message"].startswith("Invalid value \"abc\" for parameter 'max_results' supplied")


def test_a_malformed_query_is_refused(web: Web) -> None:
    assert web.get("/api/2.0/mlflow/experiments/get?experiment_id=%ff").status == 400
    assert web.get("/api/2.0/mlflow/experiments/get?" + "a=1&" * 2000).status == 400


def test_repeated_names_are_a_list(web: Web) -> None:
    answer = web.get("/api/2.0/mlflow/experiments/search?max_results=5&order_by=name+ASC&order_by=experiment_id+ASC")
    assert answer.status == 200


def test_a_body_over_the_limit_is_refused_by_its_announcement(web: Web) -> None:
    answer = web.ask("POST", LOG_METRIC, body=iter([b"{}"]), headers={**JSON, "content-length": str(MAX_BODY + 1)})
    assert (answer.status, "smaller parts" in answer.json["message"]) == (413, True)


def test_a_body_over_the_limit_is_refused_as_it_comes(web: Web) -> None:
    chunk = b" " * (1 << 20)
    answer = web.ask("POST", LOG_METRIC, body=(chunk for _ in range(MAX_BODY // len(chunk) + 1)), headers=JSON)
    assert answer.status == 413


def test_a_large_body_is_decoded(web: Web) -> None:
    metrics = [{"key": "m" * 200, "value": 1.0, "timestamp": 1, "step": step} for step in range(2000)]
    answer = web.post("/api/2.0/mlflow/runs/log-batch", {"run_id": "none", "metrics": metrics})
    assert answer.status in (400, 404)
    assert answer.json["message"]
