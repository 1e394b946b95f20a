import assert from "node:assert/strict";
import { test } from "node:test";

import type { Run } from "../api/types.ts";
import { compareRuns } from "./comparison.ts";

const run = (params: Record<string, string>, loss: number): Run => ({
  info: { run_id: "r", status: "FINISHED" },
  data: {
    params: Object.entries(params).map(([key, value]) => ({ key, value })),
    metrics: [{ key: "loss", value: loss }],
  },
});

test("what differs comes first; a missing value differs from an empty one", () => {
  const [params, metrics] = compareRuns([run({ a: "1", b: "2", c: "" }, 0.1), run({ a: "1", b: "3" }, 0.1)], [], 0);
  assert.deepEqual(params?.rows.map((row) => [row.key, row.differs]), [
    ["b", true],
    ["c", true],
    ["a", false],
  ]);
  assert.deepEqual(params?.rows[1]?.values, ["", null]);
  assert.equal(params?.differing, 2);
  assert.equal(metrics?.differing, 0);
});

test("metrics that print alike but are not equal differ", () => {
  const sections = compareRuns([run({}, 0.1234567), run({}, 0.1234568)], [], 0);
  assert.equal(sections.find((one) => one.title === "Metrics")?.differing, 1);
});

test("packages are compared by version", () => {
  const [packages] = compareRuns([run({}, 1), run({}, 1)], [["numpy==2.1", "mine @ file:///x"], ["numpy==2.2"]], 0).filter(
    (one) => one.title === "Packages",
  );
  assert.deepEqual(packages?.rows.map((row) => [row.key, ...row.values]), [
    ["mine", "file:///x", null],
    ["numpy", "2.1", "2.2"],
  ]);
});
