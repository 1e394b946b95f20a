// A comparison's sections as rows of texts.
import type { Comparison, MetricRow, TextRow } from "../api/compare.ts";
import type { WireNumber } from "../api/types.ts";
import { exactNumber, formatDuration, formatNumber } from "./format.ts";

export interface ComparedRow {
  key: string;
  differs: boolean;
  /** One text per run; null where the run has none. */
  values: (string | null)[];
  /** Beside each text: how a metric differs from the first run's, where a param came from. */
  beside?: (string | null)[];
  titles?: string[];
}

export interface ComparedSection {
  title: string;
  rows: ComparedRow[];
  differing: number;
}

export function sectionsOf(found: Comparison): ComparedSection[] {
  const took = found.runs.map(({ start_time: start, end_time: end }) => (start && end ? formatDuration(end - start) : null));
  return [
    section("Params", found.params.map(plain)),
    section("Metrics", found.metrics.map(metric)),
    section("Code", found.code.map(plain)),
    section("Data", found.data.map(plain)),
    section("Environment", found.environment.map(plain)),
    section("Packages", found.packages.map(plain)),
    section("Tags", found.tags.map(plain)),
    section("Run", [{ key: "duration", differs: took.some((one) => one !== took[0]), values: took }, ...found.run.map(plain)]),
    section("System metrics", found.system.map(metric)),
  ].filter((one) => one.rows.length > 0);
}

function section(title: string, rows: ComparedRow[]): ComparedSection {
  return { title, rows, differing: rows.filter((row) => row.differs).length };
}

function plain({ key, differs, values, origins }: TextRow): ComparedRow {
  return { key, differs, values, ...(origins && { beside: origins }) };
}

function metric({ key, differs, last, min, max, relative }: MetricRow): ComparedRow {
  const title = (value: WireNumber, at: number) => `${exactNumber(value)} (from ${exactNumber(min[at]!)} to ${exactNumber(max[at]!)})`;
  return {
    key,
    differs,
    values: last.map((value) => (value === null ? null : formatNumber(value))),
    beside: relative.map((value) => (typeof value === "number" && value ? percent(value) : null)),
    titles: last.map((value, at) => (value === null ? "" : title(value, at))),
  };
}

/** With a sign and three digits. */
function percent(part: number): string {
  return `${part > 0 ? "+" : "−"}${formatNumber(Number((Math.abs(part) * 100).toPrecision(3)))} %`;
}
