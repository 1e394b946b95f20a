import { get, post, remove } from "./client.ts";

const PATH = "/api/solvent/v1/session";

export interface Session {
  /** Whether people are asked who they are. */
  authentication: boolean;
  user?: { name: string; role: string; admin?: boolean };
}

export function getSession(): Promise<Session> {
  return get<Session>(PATH);
}

export function signIn(name: string, password: string): Promise<Session> {
  return post<Session>(PATH, { name, password });
}

export function endSession(): Promise<Session> {
  return remove<Session>(PATH);
}
