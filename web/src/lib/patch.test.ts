import assert from "node:assert/strict";
import { test } from "node:test";

import { parsePatch } from "./patch.ts";

const PATCH = `diff --git a/train.py b/train.py
index 1..2 100644
--- a/train.py
+++ b/train.py
@@ -1,3 +1,4 @@ def main():
 import solvent
-alpha = 0.5
+alpha = 0.7
+--- not a header
 done
\\ No newline at end of file
diff --git a/new.bin b/new.bin
new file mode 100644
Binary files /dev/null and b/new.bin differ
`;

test("files, counts and line numbers", () => {
  const [train, binary] = parsePatch(PATCH);
  assert.equal(train?.name, "train.py");
  assert.equal(train?.added, 2);
  assert.equal(train?.removed, 1);
  assert.deepEqual(
    train?.lines.map((line) => [line.kind, line.before, line.after]),
    [
      ["hunk", null, null],
      ["context", 1, 1],
      ["removed", 2, null],
      ["added", null, 2],
      ["added", null, 3],
      ["context", 3, 4],
      ["note", null, null],
    ],
  );
  assert.equal(binary?.name, "new.bin");
  assert.match(binary?.lines.at(-1)?.text ?? "", /Binary/);
});

test("a text that is no patch is shown, not lost", () => {
  const files = parsePatch("hello\nworld");
  assert.deepEqual(files[0]?.lines.map((line) => line.text), ["hello", "world"]);
  assert.deepEqual(parsePatch("")[0]?.lines ?? [], []);
});
