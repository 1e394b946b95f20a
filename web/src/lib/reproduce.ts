import type { Run } from "../api/types.ts";
import { valueOf } from "./cells.ts";
import { isFields, parsed } from "./json.ts";

/** The commands that would make this run again; null if its tags don't tell. */
export function reproduceCommand(run: Run): string | null {
  const tag = (key: string) => valueOf(run.data.tags, key) || undefined;
  const source = tag("mlflow.source.name");
  if (tag("mlflow.source.type") !== "PROJECT" || !source) return null;
  const [folder, fetching] = isRemote(source) ? fetched(source, tag("mlflow.source.git.commit")) : [source, ""];
  const words = ["solvent", "run", shellQuote(folder)];
  const entry = tag("mlflow.project.entryPoint");
  if (entry && entry !== "main") words.push("-e", shellQuote(entry));
  for (const [key, value] of parametersOf(run)) words.push("-P", shellQuote(`${key}=${value}`));
  return fetching + words.join(" ");
}

/** The folder of a remote project once it is on this machine, and the commands that bring it. */
function fetched(source: string, commit: string | undefined): [string, string] {
  const [address = "", subfolder] = source.replace(/^git\+/, "").split("#");
  const clone = `git clone ${shellQuote(address)} project && `;
  const checkout = commit ? `git -C project checkout ${shellQuote(commit)} && ` : "";
  return [subfolder ? `project/${subfolder}` : "project", clone + checkout];
}

/** What the project was given; of runs that don't tell it apart, all params. */
function parametersOf(run: Run): [string, string][] {
  const told = valueOf(run.data.tags, "solvent.project.parameters");
  const parameters = parsed(told ?? "");
  if (isFields(parameters)) return Object.entries(parameters).map(([key, value]) => [key, String(value)]);
  return (run.data.params ?? []).map(({ key = "", value = "" }) => [key, value]);
}

function isRemote(source: string): boolean {
  return /^(git@|ssh:|https?:|git\+)/.test(source);
}

export function shellQuote(text: string): string {
  return /^[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
