import assert from "node:assert/strict";
import { test } from "node:test";

import { columnOf, defaultColumns, orderBy, parseColumns, parseSort, printColumns, printSort } from "./columns.ts";

test("columns survive the address", () => {
  const ids = ["metrics.val/loss, smoothed", "params.a%b", "info.status"];
  assert.deepEqual(parseColumns(printColumns(ids)), ids);
  assert.deepEqual(parseColumns("nonsense,metrics.x,%E0%A4%A"), ["metrics.x"]);
  assert.equal(parseColumns(null), null);
});

test("sorts survive the address and become order_by", () => {
  const sort = parseSort("-metrics.val loss");
  assert.deepEqual(sort, { id: "metrics.val loss", descending: true });
  assert.equal(printSort(sort!), "-metrics.val loss");
  assert.deepEqual(orderBy(sort), ["metrics.`val loss` DESC"]);
  assert.deepEqual(orderBy(parseSort("run_name")), ["attributes.run_name ASC"]);
  assert.equal(parseSort("info.duration"), null);
});

test("system metrics are not among the first columns", () => {
  const ids = defaultColumns({ metrics: ["loss", "system/cpu"], params: ["alpha"], tags: [] }, false);
  assert.ok(ids.includes("metrics.loss") && ids.includes("params.alpha"));
  assert.ok(!ids.includes("metrics.system/cpu"));
  assert.equal(columnOf("metrics.loss")?.numeric, true);
});
