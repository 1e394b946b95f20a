import assert from "node:assert/strict";
import { test } from "node:test";

import { toLine, valueNear } from "./lines.ts";

const slice = { run_id: "r", key: "loss", total: 4, steps: [0, 1, 2, 2], times: [5000, 6000, 9000, 9500], values: [3, "NaN", 1, 0.5] as const };

test("points by step: one per x, gaps where the value is not finite", () => {
  const line = toLine({ ...slice, values: [...slice.values] }, "run", "step");
  assert.deepEqual(line.xs, [0, 1, 2]);
  assert.deepEqual(line.ys, [3, null, 0.5]);
  assert.equal(valueNear(line, 1.9), 0.5);
  assert.equal(valueNear(line, -5), 3);
});

test("points by relative time start at zero seconds", () => {
  assert.deepEqual(toLine({ ...slice, values: [...slice.values] }, "run", "relative").xs, [0, 1, 4, 4.5]);
});
