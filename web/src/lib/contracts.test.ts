import assert from "node:assert/strict";
import { test } from "node:test";

import { heldOf, parseReports } from "./contracts.ts";

const CHECKS = [
  { name: "present", about: "column", status: "passed", column: "age" },
  { name: "other columns", about: "table", status: "failed", severity: "warning", reason: "'note' is not in the contract" },
  {
    name: "in [0, 120]",
    about: "rule",
    status: "failed",
    column: "age",
    rows: 2,
    reason: "expected at least 0",
    examples: [{ row: 1, values: { age: "-4" } }],
  },
  { name: "unique", about: "rule", status: "error", column: "id", reason: "'id' is not there" },
];

test("what did not pass, the worst first", () => {
  const text = JSON.stringify([{ verdict: "failed", contract: "people", version: "1.2.0", data: "bad.csv", rows: 3, checks: CHECKS }]);
  const [report] = parseReports(text)!;
  assert.deepEqual([report!.data, report!.contract, report!.rows], ["bad.csv", "people 1.2.0", 3]);
  assert.deepEqual(report!.broken.map((one) => [one.column, one.rule, one.severity, one.checked, one.rows]), [
    ["age", "in [0, 120]", "error", true, 2],
    ["id", "unique", "error", false, null],
    ["", "other columns", "warning", true, null],
  ]);
  assert.deepEqual(report!.broken[0]!.examples, [{ row: "1", values: [["age", "-4"]] }]);
});

test("what others wrote is no trouble", () => {
  assert.equal(parseReports('[{"verdict": '), null);
  assert.equal(parseReports("{}"), null);
  assert.deepEqual(parseReports('[3, {"checks": [null, {"examples": [{"values": null}]}]}]')![0]!.broken.map((one) => one.rule), [""]);
  assert.deepEqual(heldOf("yes"), []);
});

test("the tag", () => {
  const tag = JSON.stringify([{ id: "people", version: "1.2.0", outcome: "passed", path: "people.odcs.yaml" }]);
  assert.deepEqual(heldOf(tag), [{ name: "people 1.2.0", outcome: "passed" }]);
});
