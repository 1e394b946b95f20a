import { post } from "./client.ts";
import type { Slice } from "./types.ts";

export interface Range {
  start: number;
  end: number;
}

/** The points of one metric of some runs, thinned by the server to the width in pixels; peaks stay. */
export async function getSlices(
  runIds: string[],
  key: string,
  width: number,
  range: Range | null,
  signal?: AbortSignal,
): Promise<Slice[]> {
  const body = { run_ids: runIds, keys: [key], width, ...(range ?? {}) };
  const answer = await post<{ slices?: Slice[] }>("/api/solvent/v1/metrics/slices", body, signal);
  return answer.slices ?? [];
}
