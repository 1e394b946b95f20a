// The files that a run's provenance is kept in.
import { readHead } from "./artifacts.ts";
import { ApiError } from "./client.ts";

const MOST_PATCH = 2 * 1024 * 1024; // bytes
const MOST_PACKAGES = 1024 * 1024;

/** The patch of what was not committed; empty if there is none. */
export async function readPatch(runId: string, signal: AbortSignal): Promise<string> {
  const head = await headOrNothing(runId, "solvent/patch.diff", MOST_PATCH, signal);
  return head.cut ? `${head.text}\n\\ the rest of the patch is not shown: download it under Artifacts` : head.text;
}

/** One line per package; none if they were not recorded. */
export async function readPackages(runId: string, signal: AbortSignal): Promise<string[]> {
  const head = await headOrNothing(runId, "solvent/packages.txt", MOST_PACKAGES, signal);
  return head.text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

async function headOrNothing(runId: string, path: string, limit: number, signal: AbortSignal) {
  try {
    return await readHead(runId, path, limit, signal);
  } catch (reason) {
    if (reason instanceof ApiError && reason.status === 404) return { text: "", cut: false };
    throw reason;
  }
}
