// Columns of the runs table, and their texts in the address: "metrics.loss", "-metrics.loss" (descending).
import type { Keys } from "../api/types.ts";

export type Family = "info" | "metrics" | "params" | "tags";

export interface Column {
  id: string;
  family: Family;
  key: string;
  title: string;
  width: number;
  numeric: boolean;
  /** What ``order_by`` calls it; null when the server can't sort by it. */
  order: string | null;
}

const INFO: Record<string, { title: string; width: number; order: string | null; numeric?: boolean }> = {
  status: { title: "Status", width: 104, order: "attributes.status" },
  start_time: { title: "Started", width: 112, order: "attributes.start_time" },
  duration: { title: "Duration", width: 104, order: null, numeric: true },
  user: { title: "User", width: 96, order: "attributes.user_id" },
  source: { title: "Source", width: 140, order: "tags.`mlflow.source.name`" },
  commit: { title: "Commit", width: 92, order: "tags.`mlflow.source.git.commit`" },
  experiment: { title: "Experiment", width: 140, order: null },
};

export const INFO_IDS = Object.keys(INFO).map((key) => `info.${key}`);

/** The column of an id; null for an id that means nothing. */
export function columnOf(id: string): Column | null {
  const dot = id.indexOf(".");
  const family = id.slice(0, dot) as Family;
  const key = id.slice(dot + 1);
  if (dot < 0 || !key) return null;
  if (family === "info") {
    const info = INFO[key];
    return info ? { id, family, key, numeric: false, ...info } : null;
  }
  if (family !== "metrics" && family !== "params" && family !== "tags") return null;
  const width = Math.min(240, Math.max(100, Math.round(54 + key.length * 7)));
  return { id, family, key, title: key, width, numeric: family === "metrics", order: `${family}.${quoteKey(key)}` };
}

/** A key of the search grammar in backticks, or in double quotes if it holds one. */
export function quoteKey(key: string): string {
  return key.includes("`") ? `"${key}"` : `\`${key}\``;
}

/** What is shown until somebody chooses: the run's facts, and the first of its metrics and params. */
export function defaultColumns(keys: Keys, several: boolean): string[] {
  const metrics = keys.metrics.filter((key) => !key.startsWith("system/"));
  return [
    "info.status",
    "info.start_time",
    "info.duration",
    ...(several ? ["info.experiment"] : []),
    ...metrics.slice(0, 6).map((key) => `metrics.${key}`),
    ...keys.params.slice(0, 6).map((key) => `params.${key}`),
    "info.user",
    "info.commit",
  ];
}

export function parseColumns(text: string | null): string[] | null {
  if (text === null) return null;
  return text.split(",").map(decodeURIComponentSafely).filter((id) => columnOf(id) !== null);
}

export function printColumns(ids: string[]): string {
  return ids.map(encodeURIComponent).join(",");
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

export interface Sort {
  id: string;
  descending: boolean;
}

export function parseSort(text: string | null): Sort | null {
  if (!text) return null;
  const descending = text.startsWith("-");
  const id = descending ? text.slice(1) : text;
  return id === "run_name" || columnOf(id)?.order ? { id, descending } : null;
}

export function printSort(sort: Sort): string {
  return `${sort.descending ? "-" : ""}${sort.id}`;
}

export function orderBy(sort: Sort | null): string[] {
  if (!sort) return [];
  const name = sort.id === "run_name" ? "attributes.run_name" : columnOf(sort.id)?.order;
  return name ? [`${name} ${sort.descending ? "DESC" : "ASC"}`] : [];
}
