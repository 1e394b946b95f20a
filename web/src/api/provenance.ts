// The files that a run's provenance is kept in. Only those that are listed are asked for.
import { parseReports, type Report } from "../lib/contracts.ts";
import { listArtifacts, readHead } from "./artifacts.ts";

const FOLDER = "solvent";
const MOST = 2 * 1024 * 1024; // bytes of each file

export interface CodeFiles {
  /** What was changed in tracked files since the commit. */
  patch: string;
  /** Source files that no commit holds, as a patch that makes them. */
  untracked: string;
  /** A notebook's executed cells. */
  cells: string;
  /** Files of which only the beginning is shown. */
  cut: string[];
}

export async function readCode(runId: string, signal: AbortSignal): Promise<CodeFiles> {
  const names = ["patch.diff", "untracked.diff", "cells.py"];
  const [patch = "", untracked = "", cells = "", ...cut] = await readFiles(runId, names, signal);
  return { patch, untracked, cells, cut };
}

/** One line per package; none if they were not recorded. */
export async function readPackages(runId: string, signal: AbortSignal): Promise<string[]> {
  const [text = ""] = await readFiles(runId, ["packages.txt"], signal);
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** The reports of how the run's data kept its contracts; empty if there are none, null if they can't be shown. */
export async function readReports(runId: string, signal: AbortSignal): Promise<Report[] | null> {
  const [text] = await readFiles(runId, ["contracts.json"], signal);
  return text ? parseReports(text) : [];
}

/** The texts of these files, empty where there is none, and after them the names of those that were cut. */
async function readFiles(runId: string, names: string[], signal: AbortSignal): Promise<string[]> {
  const listed = await listArtifacts(runId, FOLDER, signal);
  const there = new Set(listed.map((file) => file.path));
  const heads = await Promise.all(
    names.map(async (name) => {
      const path = `${FOLDER}/${name}`;
      return there.has(path) ? await readHead(runId, path, MOST, signal) : { text: "", cut: false };
    }),
  );
  return [...heads.map((head) => head.text), ...names.filter((_, index) => heads[index]!.cut)];
}
