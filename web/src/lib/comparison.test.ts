import assert from "node:assert/strict";
import { test } from "node:test";

import type { Comparison } from "../api/compare.ts";
import { sectionsOf } from "./comparison.ts";

const NOTHING: Comparison = {
  runs: [],
  code: [],
  code_changes: [],
  environment: [],
  packages: [],
  data: [],
  params: [],
  metrics: [],
  system: [],
  tags: [],
  run: [],
  left_out: 0,
};

test("sections without rows are left out, and what differs is counted", () => {
  const row = { key: "alpha", differs: true, values: ["0.1", null], origins: ["default", null] };
  const found = sectionsOf({ ...NOTHING, params: [row, { key: "seed", differs: false, values: ["7", "7"] }] });
  assert.deepEqual(found.map((one) => [one.title, one.differing, one.rows.length]), [
    ["Params", 1, 2],
    ["Run", 0, 1],
  ]);
  assert.deepEqual(found[0]?.rows[0]?.beside, ["default", null]);
});

test("a metric tells how much it differs from the first run's, and its range", () => {
  const metric = {
    key: "loss",
    differs: true,
    last: [0.5, 0.25, "NaN" as const, null],
    min: [0.5, 0.25, "NaN" as const, null],
    max: [1, 2, "NaN" as const, null],
    relative: [0, -0.5, null, null],
  };
  const [row] = sectionsOf({ ...NOTHING, metrics: [metric] })[0]!.rows;
  assert.deepEqual(row?.values, ["0.5", "0.25", "NaN", null]);
  assert.deepEqual(row?.beside, [null, "−50 %", null, null]);
  assert.equal(row?.titles?.[1], "0.25 (from 0.25 to 2)");
});
