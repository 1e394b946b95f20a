import type { Run } from "../api/types.ts";
import { valueOf } from "./cells.ts";

/** The ``solvent run`` command that would make this run again; null if its tags don't tell. */
export function reproduceCommand(run: Run): string | null {
  const tag = (key: string) => valueOf(run.data.tags, key) || undefined;
  if (tag("mlflow.source.type") !== "PROJECT") return null;
  const source = tag("mlflow.source.git.repoURL") ?? tag("mlflow.source.name");
  if (!source) return null;
  const words = ["solvent", "run", shellQuote(source)];
  const commit = tag("mlflow.source.git.commit");
  if (commit && isRemote(source)) words.push("-v", shellQuote(commit));
  const entry = tag("mlflow.project.entryPoint");
  if (entry && entry !== "main") words.push("-e", shellQuote(entry));
  for (const { key = "", value = "" } of run.data.params ?? []) words.push("-P", shellQuote(`${key}=${value}`));
  return words.join(" ");
}

function isRemote(source: string): boolean {
  return /^(git@|ssh:|https?:|git\+)/.test(source);
}

export function shellQuote(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
