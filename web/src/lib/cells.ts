// What a run shows in a column: a short text and, where it differs, the whole one.
import type { KeyValue, Metric, Run, WireNumber } from "../api/types.ts";
import type { Column } from "./columns.ts";
import { ago, exactNumber, formatDuration, formatNumber, fullTime } from "./format.ts";

export interface Cell {
  text: string;
  title: string;
}

const NOTHING: Cell = { text: "", title: "" };

export function cellOf(run: Run, column: Column, now: number): Cell {
  if (column.family === "metrics") {
    const metric = metricOf(run, column.key);
    return metric ? { text: formatNumber(metric.value), title: exactNumber(metric.value) } : NOTHING;
  }
  if (column.family === "params") return plain(valueOf(run.data.params, column.key));
  if (column.family === "tags") return plain(valueOf(run.data.tags, column.key));
  return infoCell(run, column.key, now);
}

function infoCell(run: Run, key: string, now: number): Cell {
  const { info } = run;
  if (key === "start_time") return { text: ago(info.start_time, now), title: fullTime(info.start_time) };
  if (key === "duration") return plain(durationOf(run, now));
  if (key === "user") return plain(info.user_id || valueOf(run.data.tags, "mlflow.user"));
  if (key === "source") return plain(valueOf(run.data.tags, "mlflow.source.name"));
  if (key === "commit") {
    const commit = valueOf(run.data.tags, "mlflow.source.git.commit") ?? "";
    const dirty = valueOf(run.data.tags, "solvent.git.dirty") === "true";
    return { text: commit.slice(0, 8) + (commit && dirty ? " +" : ""), title: commit + (dirty ? " with uncommitted changes" : "") };
  }
  return plain(info.experiment_id);
}

/** How long a run took, or has been running until ``now``. */
export function durationOf(run: Run, now: number): string | undefined {
  const { start_time: start, end_time: end, status } = run.info;
  if (!start || (!end && status !== "RUNNING")) return undefined;
  return formatDuration((end || now) - start);
}

export function valueOf(pairs: KeyValue[] | undefined, key: string): string | undefined {
  const pair = pairs?.find((entry) => entry.key === key);
  return pair && (pair.value ?? "");
}

export function metricOf(run: Run, key: string): Metric | undefined {
  return run.data.metrics?.find((metric) => metric.key === key);
}

export function numberOf(metric: Metric): WireNumber {
  return metric.value ?? 0;
}

function plain(text: string | undefined): Cell {
  return { text: text ?? "", title: text ?? "" };
}

/** Tags that the table needs for its own columns. */
export function tagsNeeded(columns: Column[]): string[] {
  const keys = new Set<string>(["mlflow.parentRunId"]);
  for (const column of columns) {
    if (column.family === "tags") keys.add(column.key);
    if (column.id === "info.user") keys.add("mlflow.user");
    if (column.id === "info.source") keys.add("mlflow.source.name");
    if (column.id === "info.commit") keys.add("mlflow.source.git.commit").add("solvent.git.dirty");
  }
  return [...keys];
}
