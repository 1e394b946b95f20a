import { get, post } from "./client.ts";
import type { Experiment } from "./types.ts";

const BASE = "/api/2.0/mlflow/experiments";

export interface ExperimentPage {
  experiments: Experiment[];
  next: string | undefined;
}

export async function searchExperiments(
  name: string,
  token: string | undefined,
  signal?: AbortSignal,
): Promise<ExperimentPage> {
  const body = {
    max_results: 200,
    view_type: "ACTIVE_ONLY",
    order_by: ["last_update_time DESC"],
    ...(name ? { filter: `name ILIKE ${quoteText(`%${name}%`)}` } : {}),
    ...(token ? { page_token: token } : {}),
  };
  const page = await post<{ experiments?: Experiment[]; next_page_token?: string }>(`${BASE}/search`, body, signal);
  return { experiments: page.experiments ?? [], next: page.next_page_token || undefined };
}

export async function getExperiment(id: string, signal?: AbortSignal): Promise<Experiment> {
  return (await get<{ experiment: Experiment }>(`${BASE}/get`, { experiment_id: id }, signal)).experiment;
}

export async function createExperiment(name: string): Promise<string> {
  return (await post<{ experiment_id: string }>(`${BASE}/create`, { name })).experiment_id;
}

/** A text of the search grammar: single quotes, unless the text holds one. */
function quoteText(text: string): string {
  return text.includes("'") ? `"${text.replaceAll('"', "")}"` : `'${text}'`;
}
