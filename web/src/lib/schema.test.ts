import assert from "node:assert/strict";
import { test } from "node:test";

import { parseSchema } from "./schema.ts";

test("columns and tensors", () => {
  assert.deepEqual(parseSchema('{"mlflow_colspec": [{"type": "double", "name": "x", "required": true}]}'), [
    { name: "x", type: "double", required: true },
  ]);
  const tensors = JSON.stringify([{ type: "tensor", "tensor-spec": { dtype: "float64", shape: [-1, 4] } }]);
  assert.deepEqual(parseSchema(JSON.stringify({ mlflow_tensorspec: { features: tensors, targets: null } })), [
    { name: "features", type: "float64 [-1,4]", required: null },
  ]);
});

test("anything else is not guessed at", () => {
  assert.equal(parseSchema("not json"), null);
  assert.equal(parseSchema("[1]"), null);
  assert.equal(parseSchema("null"), null);
});
