import assert from "node:assert/strict";
import { test } from "node:test";

import { Cell } from "./cell.ts";

test("followers are told of changes, and of nothing else", () => {
  const cell = new Cell(1);
  const seen: number[] = [];
  const leave = cell.follow(() => seen.push(cell.value));
  cell.value = 2;
  cell.value = 2;
  leave();
  cell.value = 3;
  assert.deepEqual(seen, [2]);
  assert.equal(cell.value, 3);
});

test("who leaves while others are told is no trouble", () => {
  const cell = new Cell("a");
  const seen: string[] = [];
  const leave = cell.follow(() => leave());
  cell.follow(() => seen.push(cell.value));
  cell.value = "b";
  assert.deepEqual(seen, ["b"]);
});
