// Several runs side by side, what differs first.
import type { DatasetInput, KeyValue, Run } from "../api/types.ts";
import { durationOf, valueOf } from "./cells.ts";
import { exactNumber, formatNumber } from "./format.ts";
import { isCodeTag, isEnvironmentTag, isOwnTag } from "./tags.ts";

export interface ComparedRow {
  key: string;
  /** One text per run; null where the run has none. */
  values: (string | null)[];
  titles: (string | null)[];
  differs: boolean;
}

export interface ComparedSection {
  title: string;
  rows: ComparedRow[];
  differing: number;
  numeric: boolean;
}

type Values = Map<string, { text: string; title: string }>;

/** ``packages`` holds each run's lines of name==version, as far as they are known. */
export function compareRuns(runs: Run[], packages: string[][], now: number): ComparedSection[] {
  return [
    section("Params", runs.map((run) => texts(run.data.params))),
    section("Metrics", runs.map(metricsOf), true),
    section("Code", runs.map((run) => texts(run.data.tags?.filter(isCodeTag)))),
    section("Data", runs.map(dataOf)),
    section("Environment", runs.map((run) => texts(run.data.tags?.filter(isEnvironmentTag)))),
    section("Packages", runs.map((_, index) => packageVersions(packages[index] ?? []))),
    section("Tags", runs.map((run) => texts(run.data.tags?.filter(isOwnTag)))),
    section("Run", runs.map((run) => factsOf(run, now))),
  ].filter((one) => one.rows.length > 0);
}

function section(title: string, columns: Values[], numeric = false): ComparedSection {
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))].sort((one, other) => one.localeCompare(other, "en"));
  const rows = keys.map((key) => rowOf(key, columns));
  rows.sort((one, other) => Number(other.differs) - Number(one.differs));
  return { title, rows, differing: rows.filter((row) => row.differs).length, numeric };
}

function rowOf(key: string, columns: Values[]): ComparedRow {
  const titles = columns.map((column) => column.get(key)?.title ?? null);
  return {
    key,
    values: columns.map((column) => column.get(key)?.text ?? null),
    titles,
    differs: titles.some((title) => title !== titles[0]),
  };
}

function texts(pairs: KeyValue[] | undefined): Values {
  return new Map((pairs ?? []).map(({ key = "", value = "" }) => [key, { text: value, title: value }]));
}

function metricsOf(run: Run): Values {
  const metrics = run.data.metrics ?? [];
  return new Map(metrics.map(({ key = "", value }) => [key, { text: formatNumber(value), title: exactNumber(value) }]));
}

function packageVersions(lines: string[]): Values {
  const split = lines.map((line) => /^([\w.-]+)(?:==|\s*@\s*)(.*)$/.exec(line) ?? [line, line, ""]);
  return new Map(split.map(([, name = "", version = ""]) => [name, { text: version, title: version }]));
}

function dataOf(run: Run): Values {
  return new Map((run.inputs?.dataset_inputs ?? []).flatMap(inputValues));
}

function inputValues({ dataset = {}, tags }: DatasetInput): [string, { text: string; title: string }][] {
  const context = valueOf(tags, "mlflow.data.context");
  const name = `${dataset.name ?? ""}${context ? ` (${context})` : ""}`;
  const { digest = "", schema = "" } = dataset;
  const entries: [string, string][] = [[name, digest]];
  if (schema) entries.push([`${name}: schema`, schema]);
  return entries.map(([key, text]) => [key, { text, title: text }]);
}

function factsOf(run: Run, now: number): Values {
  const facts: [string, string | undefined][] = [
    ["Status", run.info.status],
    ["Duration", durationOf(run, now)],
    ["User", run.info.user_id || valueOf(run.data.tags, "mlflow.user")],
    ["Experiment", run.info.experiment_id],
  ];
  return new Map(facts.filter((fact): fact is [string, string] => !!fact[1]).map(([key, text]) => [key, { text, title: text }]));
}
