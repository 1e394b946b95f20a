import assert from "node:assert/strict";
import { test } from "node:test";

import { evenBins, parseProfile, valueText } from "./profile.ts";

const COLUMN = {
  name: "price",
  kind: "number",
  type: "DOUBLE",
  scalars: { rows: 10, nulls: 1, nans: 2, least: 0.5, mean: 1.25, most: 3 },
  counts: { type: "numbers", edges: [0, 1, 3], counts: [0, 4, 3, 0] },
  distinct: 7,
};

function profileOf(solvent: unknown) {
  return parseProfile(JSON.stringify({ num_rows: 10, solvent }));
}

test("a column as it is shown", () => {
  const found = profileOf({ version: 1, rows: 10, columns: [COLUMN], notes: ["sampled"] });
  const column = found!.columns![0]!;
  assert.equal(found!.rows, 10);
  assert.deepEqual(found!.notes, ["sampled"]);
  assert.deepEqual([column.distinct, column.odd, column.least, column.mean, column.most], ["~7", "2 NaN", "0.5", "1.25", "3"]);
  assert.deepEqual(column.histogram, { edges: [0, 1, 3], counts: [0, 4, 3, 0] });
});

test("profiles of others, and what went wrong", () => {
  assert.deepEqual(parseProfile('{"num_rows": 7}'), { rows: 7, columns: null, notes: [], failed: null });
  assert.equal(parseProfile("not json"), null);
  assert.equal(parseProfile("[]"), null);
  assert.equal(parseProfile('{"mine": 1}'), null);
  assert.equal(profileOf({ failed: "no such file" })!.failed, "no such file");
  assert.match(profileOf({ version: 2, columns: [] })!.failed!, /newer/);
});

test("what is malformed is left out", () => {
  const bad = [
    { edges: [0, 1], counts: [1] },
    { edges: [1, 0], counts: [0, 1, 0] },
    { edges: ["0", 1], counts: [0, 1, 0] },
    { edges: [0, 1], counts: [0, -1, 0] },
  ];
  for (const counts of bad) {
    assert.equal(profileOf({ version: 1, columns: [{ ...COLUMN, counts }] })!.columns![0]!.histogram, null);
  }
  const odd = profileOf({ version: 1, columns: [null, 7, { name: 7, categories: { top: [["a", 1], ["b"], 3] } }] })!;
  assert.deepEqual(odd.columns!.map((column) => [column.name, column.top]), [["", [["a", 1]]]]);
});

test("bins of equal width", () => {
  assert.deepEqual(evenBins({ edges: [0, 1, 1.5], counts: [0, 3, 4, 0] }), { edges: [0, 1, 2], counts: [0, 3, 4, 0] });
  const { edges, counts } = evenBins({ edges: [0, 8, 20], counts: [1, 8, 6, 2] });
  assert.equal(edges.length, 21);
  assert.deepEqual([counts[0], counts[1], counts[20], counts[21]], [1, 1, 0.5, 2]);
  assert.ok(Math.abs(counts.reduce((sum, count) => sum + count, 0) - 17) < 1e-9);
});

test("dates", () => {
  assert.equal(valueText(86_400, "date"), "1970-01-02");
  assert.equal(valueText(0.5, "timestamp"), "1970-01-01 00:00:00");
  assert.equal(valueText(1e15, "date"), "1e15 s");
});
