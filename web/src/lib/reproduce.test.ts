import assert from "node:assert/strict";
import { test } from "node:test";

import type { Run } from "../api/types.ts";
import { reproduceCommand, shellQuote } from "./reproduce.ts";

const run = (tags: Record<string, string>): Run => ({
  info: { run_id: "r" },
  data: {
    params: [{ key: "alpha", value: "0.5" }, { key: "note" }, { key: "name", value: "it's $(x)" }],
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  },
});

test("a project's run can be made again, each value quoted for the shell", () => {
  const tags = {
    "mlflow.source.type": "PROJECT",
    "mlflow.source.name": "https://example.org/repo#folder",
    "mlflow.source.git.commit": "abc123",
    "mlflow.project.entryPoint": "evaluate",
  };
  assert.equal(
    reproduceCommand(run(tags)),
    "solvent run 'https://example.org/repo#folder' -v abc123 -e evaluate -P alpha=0.5 -P note= -P 'name=it'\\''s $(x)'",
  );
});

test("a script's run has no such command", () => {
  assert.equal(reproduceCommand(run({ "mlflow.source.type": "LOCAL", "mlflow.source.name": "train.py" })), null);
  assert.equal(shellQuote(""), "''");
});
