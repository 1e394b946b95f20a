import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf } from "./place.ts";

test("the character that the server names", () => {
  assert.equal(placeOf("Invalid filter, character 9: expected a value", "params.a"), 8);
  assert.equal(placeOf("Invalid filter, character 90: expected a value", "params.a"), null);
  assert.equal(placeOf("Invalid order_by, character 3: no", "params.a"), null);
});
