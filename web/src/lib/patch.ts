// A unified diff as git writes it, as files and lines to show.

export type LineKind = "added" | "removed" | "context" | "hunk" | "note";

export interface PatchLine {
  kind: LineKind;
  text: string;
  before: number | null;
  after: number | null;
}

export interface PatchFile {
  name: string;
  added: number;
  removed: number;
  lines: PatchLine[];
}

/** Splits a patch by file; every line of the text is kept in one of them. */
export function parsePatch(text: string): PatchFile[] {
  const files: PatchFile[] = [];
  let before = 0;
  let after = 0;
  let left = { before: 0, after: 0 }; // lines that the current hunk still owes
  for (const line of text.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("diff --git ")) {
      files.push({ name: fileName(line), added: 0, removed: 0, lines: [] });
      left = { before: 0, after: 0 };
      continue;
    }
    let file = files.at(-1);
    const owed = left.before > 0 || left.after > 0;
    if (!owed && !line.startsWith("@@")) {
      if (!file) files.push((file = { name: "patch", added: 0, removed: 0, lines: [] }));
      if (line.startsWith("+++ ") && line !== "+++ /dev/null") file.name = line.slice(4).replace(/^b\//, "").replace(/\t$/, "");
      else if (line && !/^(index |--- |\+\+\+ )/.test(line)) file.lines.push(plain("note", line));
      continue;
    }
    if (!file) files.push((file = { name: "patch", added: 0, removed: 0, lines: [] }));
    const hunk = owed ? null : /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (hunk) {
      before = Number(hunk[1]);
      after = Number(hunk[3]);
      left = { before: Number(hunk[2] ?? 1), after: Number(hunk[4] ?? 1) };
      file.lines.push(plain("hunk", line));
    } else if (line.startsWith("+")) {
      file.added++;
      left.after--;
      file.lines.push({ kind: "added", text: line.slice(1), before: null, after: after++ });
    } else if (line.startsWith("-")) {
      file.removed++;
      left.before--;
      file.lines.push({ kind: "removed", text: line.slice(1), before: before++, after: null });
    } else if (line.startsWith("\\")) {
      file.lines.push(plain("note", line.slice(2)));
    } else {
      left.before--;
      left.after--;
      file.lines.push({ kind: "context", text: line.slice(1), before: before++, after: after++ });
    }
  }
  return files;
}

function fileName(line: string): string {
  const half = / b\/(.+)$/.exec(line);
  return half?.[1] ?? line.slice("diff --git ".length);
}

function plain(kind: LineKind, text: string): PatchLine {
  return { kind, text, before: null, after: null };
}
