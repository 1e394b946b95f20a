import assert from "node:assert/strict";
import { test } from "node:test";

import { sourceOf } from "./source.ts";

test("one thing is told without the JSON around it", () => {
  assert.deepEqual(sourceOf('{"uri": "data/customers.csv"}'), { text: "data/customers.csv", href: null });
  assert.deepEqual(sourceOf('{"url": "https://example.org/a.csv"}'), { text: "https://example.org/a.csv", href: "https://example.org/a.csv" });
  assert.equal(sourceOf('{"path": "imdb", "data_files": null}').text, "imdb");
});

test("several are told with their names", () => {
  assert.equal(sourceOf('{"table_name": "shop.orders", "delta_table_version": 3}').text, "table_name: shop.orders, delta_table_version: 3");
  assert.equal(sourceOf('{"tags": {"mlflow.user": "ada", "mlflow.source.name": "train.py"}}').text, "mlflow.user: ada, mlflow.source.name: train.py");
});

test("what is none of this stays as it is, and no script becomes a link", () => {
  assert.deepEqual(sourceOf("javascript:alert(1)"), { text: "javascript:alert(1)", href: null });
  assert.equal(sourceOf('{"uri": "javascript:alert(1)"}').href, null);
  assert.equal(sourceOf("{}").text, "");
  assert.equal(sourceOf("[1, 2]").text, "[1, 2]");
});
