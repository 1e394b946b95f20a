import assert from "node:assert/strict";
import { test } from "node:test";

import { parseCsv } from "./csv.ts";

test("quotes, commas and line ends inside fields", () => {
  assert.deepEqual(parseCsv('a,b\r\n"x, ""y""\nz",2\n', ",", 10), [["a", "b"], ['x, "y"\nz', "2"]]);
});

test("only as many records as asked for", () => {
  assert.equal(parseCsv("a\nb\nc\nd", ",", 2).length, 2);
  assert.deepEqual(parseCsv("a\tb", "\t", 5), [["a", "b"]]);
  assert.deepEqual(parseCsv("", ",", 5), []);
});
