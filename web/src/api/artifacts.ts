import { get, send } from "./client.ts";
import type { FileInfo } from "./types.ts";

export async function listArtifacts(runId: string, path: string, signal?: AbortSignal): Promise<FileInfo[]> {
  const files: FileInfo[] = [];
  let token: string | undefined;
  do {
    const query = { run_id: runId, path, page_token: token };
    const page = await get<{ files?: FileInfo[]; next_page_token?: string }>(
      "/api/2.0/mlflow/artifacts/list",
      query,
      signal,
    );
    files.push(...(page.files ?? []));
    token = page.next_page_token || undefined;
  } while (token && files.length < 10_000);
  return files;
}

export function artifactUrl(runId: string, path: string): string {
  return `/get-artifact?${new URLSearchParams({ path, run_uuid: runId })}`;
}

export interface Head {
  text: string;
  bytes: number;
  cut: boolean;
  binary: boolean;
}

/** The first ``limit`` bytes of a file as text; the rest is never fetched. */
export async function readHead(runId: string, path: string, limit: number, signal?: AbortSignal): Promise<Head> {
  const response = await send(artifactUrl(runId, path), signal ? { signal } : {});
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let cut = false;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    const room = limit - bytes;
    chunks.push(value.length > room ? value.subarray(0, room) : value);
    bytes += Math.min(value.length, room);
    if (value.length > room) {
      cut = true;
      await reader.cancel();
      break;
    }
  }
  const whole = new Uint8Array(bytes);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.length;
  }
  return { text: new TextDecoder().decode(whole), bytes, cut, binary: whole.subarray(0, 8192).includes(0) };
}
