import { get, post } from "./client.ts";
import type { Keys, Run, Summary } from "./types.ts";

const BASE = "/api/2.0/mlflow/runs";

/** Which runs, in which order, with which columns. */
export interface Question {
  experimentIds: string[];
  filter: string;
  orderBy: string[];
  metricKeys: string[];
  paramKeys: string[];
  tagKeys: string[];
}

export interface RunPage {
  runs: Run[];
  next: string | undefined;
}

export async function searchRuns(
  question: Question,
  size: number,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<RunPage> {
  const body = {
    experiment_ids: question.experimentIds,
    filter: question.filter,
    order_by: question.orderBy,
    metric_keys: question.metricKeys,
    param_keys: question.paramKeys,
    tag_keys: question.tagKeys,
    max_results: size,
    ...(token ? { page_token: token } : {}),
  };
  const page = await post<{ runs?: Run[]; next_page_token?: string }>(`${BASE}/search`, body, signal);
  return { runs: page.runs ?? [], next: page.next_page_token || undefined };
}

export async function countRuns(question: Question, signal?: AbortSignal): Promise<number> {
  const body = { experiment_ids: question.experimentIds, filter: question.filter };
  return (await post<{ count?: number }>("/api/solvent/v1/runs/count", body, signal)).count ?? 0;
}

export async function listKeys(experimentIds: string[], signal?: AbortSignal): Promise<Keys> {
  const keys = await post<Partial<Keys>>("/api/solvent/v1/runs/keys", { experiment_ids: experimentIds }, signal);
  return { metrics: keys.metrics ?? [], params: keys.params ?? [], tags: keys.tags ?? [] };
}

export async function getRun(id: string, signal?: AbortSignal): Promise<Run> {
  return (await get<{ run: Run }>(`${BASE}/get`, { run_id: id }, signal)).run;
}

export async function getSummaries(id: string, signal?: AbortSignal): Promise<Summary[]> {
  const path = `/api/solvent/v1/runs/${encodeURIComponent(id)}/summaries`;
  return (await get<{ summaries?: Summary[] }>(path, {}, signal)).summaries ?? [];
}
