import { get } from "./client.ts";
import type { Status, WireNumber } from "./types.ts";

export interface ComparedRun {
  run_id: string;
  run_name?: string;
  status?: Status;
  start_time?: number;
  end_time?: number;
  unread: string[];
}

export interface TextRow {
  key: string;
  differs: boolean;
  values: (string | null)[];
  origins?: (string | null)[];
}

type Numbers = (WireNumber | null)[];

export interface MetricRow {
  key: string;
  differs: boolean;
  last: Numbers;
  min: Numbers;
  max: Numbers;
  relative: Numbers;
}

export interface CodeChange {
  run_id: string;
  note?: string;
  files: { path: string; added: number; removed: number; text?: string }[];
}

export interface Comparison {
  runs: ComparedRun[];
  code: TextRow[];
  code_changes: CodeChange[];
  environment: TextRow[];
  packages: TextRow[];
  data: TextRow[];
  params: TextRow[];
  metrics: MetricRow[];
  system: MetricRow[];
  tags: TextRow[];
  run: TextRow[];
  left_out: number;
}

export function compareRuns(ids: string[], code: boolean, signal: AbortSignal): Promise<Comparison> {
  const named = ids.map((id) => `run_ids=${encodeURIComponent(id)}`).join("&");
  return get(`/api/solvent/v1/runs/compare?${named}${code ? "&code=true" : ""}`, {}, signal);
}
