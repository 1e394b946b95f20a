import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, formatBytes, formatDuration, formatNumber } from "./format.ts";

test("numbers keep their meaning in few digits", () => {
  assert.equal(formatNumber(0.123456789), "0.12346");
  assert.equal(formatNumber(-0.5), "−0.5");
  assert.equal(formatNumber(120000), "120000");
  assert.equal(formatNumber(1e-7), "1e−7");
  assert.equal(formatNumber(12345678.9), "1.2346e7");
  assert.equal(formatNumber(100.0001), "100");
  assert.equal(formatNumber(undefined), "0");
  assert.equal(formatNumber("NaN"), "NaN");
  assert.equal(formatNumber("Infinity"), "∞");
  assert.equal(formatNumber("-Infinity"), "−∞");
});

test("durations carry over at every unit", () => {
  assert.equal(formatDuration(340), "340 ms");
  assert.equal(formatDuration(12_400), "12.4 s");
  assert.equal(formatDuration(200_000), "3 min 20 s");
  assert.equal(formatDuration(3_600_000), "1 h");
  assert.equal(formatDuration(3_599_900), "1 h");
  assert.equal(formatDuration(273_600_000), "3 d 4 h");
});

test("times are told from now", () => {
  assert.equal(ago(0), "–");
  assert.equal(ago(1_000_000, 1_010_000), "just now");
  assert.equal(ago(1_000_000, 1_000_000 + 180_000), "3 min. ago");
});

test("sizes", () => {
  assert.equal(formatBytes(undefined), "0 B");
  assert.equal(formatBytes(1500), "1.5 kB");
  assert.equal(formatBytes(999_900), "1 MB");
});
