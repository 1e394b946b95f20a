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
    "git clone https://example.org/repo project && git -C project checkout abc123 && " +
      "solvent run project/folder -e evaluate -P alpha=0.5 -P note= -P 'name=it'\\''s $(x)'",
  );
});

test("a script's run has no such command", () => {
  assert.equal(reproduceCommand(run({ "mlflow.source.type": "LOCAL", "mlflow.source.name": "train.py" })), null);
  assert.equal(shellQuote(""), "''");
});

test("params that the script logged by itself are not passed again", () => {
  const tags = {
    "mlflow.source.type": "PROJECT",
    "mlflow.source.name": "/home/ada/churn",
    "mlflow.project.entryPoint": "main",
    "solvent.project.parameters": '{"alpha": "0.7"}',
  };
  assert.equal(reproduceCommand(run(tags)), "solvent run /home/ada/churn -P alpha=0.7");
});
