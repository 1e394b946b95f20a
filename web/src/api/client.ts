/** What went wrong with a request: MLflow's error code, and one line for people. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

type Query = Record<string, string | number | undefined>;

export function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return request<T>(text ? `${path}?${text}` : path, signal ? { signal } : {});
}

export function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

export function remove<T>(path: string): Promise<T> {
  return request<T>(path, { method: "DELETE" });
}

let unauthenticated: () => void = () => undefined;

/** ``listener`` is called whenever the server does not know (any more) who asks. */
export function onUnauthenticated(listener: () => void): void {
  unauthenticated = listener;
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await send(path, init);
  try {
    return (await response.json()) as T;
  } catch (reason) {
    if (init.signal?.aborted) throw reason;
    throw new ApiError("BAD_ANSWER", `${path} answered something that is not JSON`, response.status);
  }
}

/** The answer to a request, once its status says that it went well. */
export async function send(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    const headers = new Headers(init.headers);
    headers.set("X-Requested-With", "solvent"); // so that a 401 makes the browser open no window for a password
    response = await fetch(path, { ...init, headers });
  } catch (reason) {
    if (init.signal?.aborted) throw reason;
    throw new ApiError("UNREACHABLE", `The server at ${location.host} does not answer. Start it again with: solvent ui`, 0);
  }
  if (response.status === 401) unauthenticated();
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const body = JSON.parse(text) as { error_code?: string; message?: string };
    return new ApiError(body.error_code ?? "ERROR", body.message ?? response.statusText, response.status);
  } catch {
    const line = text.trim().split("\n", 1)[0] ?? "";
    return new ApiError("ERROR", line.slice(0, 300) || `The server answered ${response.status}`, response.status);
  }
}

export function isAbort(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === "AbortError";
}

export function toError(reason: unknown): ApiError {
  if (reason instanceof ApiError) return reason;
  return new ApiError("PAGE", reason instanceof Error ? reason.message : String(reason), 0);
}
