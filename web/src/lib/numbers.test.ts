import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { percentText, shortNumber } from "./numbers.ts";

interface Cases {
  short: [number, string][];
  percent: [number, string][];
}

const cases = JSON.parse(readFileSync(new URL("numbers.cases.json", import.meta.url), "utf8")) as Cases;

test("numbers are written as in the terminal", () => {
  assert.deepEqual(cases.short.map(([value]) => shortNumber(value)), cases.short.map(([, text]) => text));
  assert.equal(shortNumber(-0), "0");
});

test("shares are written as in the terminal", () => {
  assert.deepEqual(cases.percent.map(([share]) => percentText(share, 1)), cases.percent.map(([, text]) => text));
  assert.deepEqual([percentText(2, 200_000), percentText(1, 0)], ["<0.01%", "–"]);
});
