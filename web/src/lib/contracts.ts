// How a run's data kept its contracts: the tag, and the reports (src/solvent/data/contract/check/plain.py).
import { asNumber, asText, type Fields, fieldsIn, parsed } from "./json.ts";

/** A contract that a run was held against, as its tag says. */
export interface Held {
  name: string; // with its version
  outcome: string;
}

export interface Example {
  row: string;
  values: [string, string][];
}

/** A check that did not pass. */
export interface Broken {
  column: string;
  rule: string;
  severity: string;
  checked: boolean; // whether the check could be made
  rows: number | null;
  reason: string;
  examples: Example[];
}

export interface Report {
  data: string;
  contract: string;
  rows: number;
  broken: Broken[]; // the worst first
}

const SEVERITIES = ["error", "warning", "info"];

export function heldOf(tag: string): Held[] {
  return fieldsIn(parsed(tag)).map((one) => ({ name: nameOf(one.id, one.version), outcome: asText(one.outcome) }));
}

/** The reports; null if the text is none. */
export function parseReports(text: string): Report[] | null {
  const found = parsed(text);
  return Array.isArray(found) ? fieldsIn(found).map(reportOf) : null;
}

function reportOf(found: Fields): Report {
  const broken = fieldsIn(found.checks).filter((check) => check.status !== "passed").map(brokenOf);
  const rank = ({ severity }: Broken) => SEVERITIES.indexOf(severity);
  return {
    data: asText(found.data) || asText(found.table),
    contract: nameOf(found.contract, found.version),
    rows: asNumber(found.rows) ?? 0,
    broken: broken.sort((one, other) => rank(one) - rank(other)),
  };
}

function brokenOf(check: Fields): Broken {
  return {
    column: asText(check.column),
    rule: asText(check.name),
    severity: asText(check.severity) || "error", // left out by whoever writes no defaults
    checked: check.status !== "error",
    rows: asNumber(check.rows),
    reason: asText(check.reason),
    examples: fieldsIn(check.examples).map(({ row, values }) => ({
      row: String(row),
      values: Object.entries(values ?? {}).map(([name, value]) => [name, String(value)]),
    })),
  };
}

function nameOf(id: unknown, version: unknown): string {
  return `${asText(id)} ${asText(version)}`.trim();
}
