// The profile of a data set: MLflow's own keys, and Solvent's form of it under "solvent" (src/solvent/data/profile/model.py).
// Any client may have written the text, so nothing in it is taken for granted.

import { asNumber, asText, type Fields, fieldsIn, isFields, parsed } from "./json.ts";
import { shortNumber } from "./numbers.ts";

export interface Histogram {
  edges: number[];
  counts: number[]; // one below the edges, one per bin, one above
}

export interface ColumnProfile {
  name: string;
  kind: string;
  type: string;
  failed: string | null;
  rows: number;
  nulls: number;
  odd: string; // NaN and infinities
  distinct: string;
  least: string;
  mean: string;
  most: string;
  histogram: Histogram | null;
  top: [string, number][];
  others: number;
}

export interface Profile {
  rows: number | null;
  columns: ColumnProfile[] | null; // null: there is none of Solvent's form
  notes: string[];
  failed: string | null;
}

const VERSION = 1;
const BINS = 20;

/** What is known of the data set; null if the text is of a form that we don't know. */
export function parseProfile(text: string): Profile | null {
  const found = parsed(text);
  if (!isFields(found)) return null;
  const ours = isFields(found.solvent) ? found.solvent : null;
  const rows = asNumber(ours?.rows) ?? asNumber(found.num_rows);
  const plain: Profile = { rows, columns: null, notes: [], failed: null };
  if (!ours) return rows === null ? null : plain;
  if (typeof ours.failed === "string") return { ...plain, failed: ours.failed };
  if (!Array.isArray(ours.columns)) return plain;
  if ((asNumber(ours.version) ?? 0) > VERSION) return { ...plain, failed: "a newer Solvent wrote its profile" };
  const notes = Array.isArray(ours.notes) ? ours.notes.filter((note) => typeof note === "string") : [];
  return { ...plain, columns: fieldsIn(ours.columns).map(columnOf), notes };
}

function columnOf(column: Fields): ColumnProfile {
  const scalars = isFields(column.scalars) ? column.scalars : {};
  const kind = asText(column.kind);
  const categories = isFields(column.categories) ? column.categories : {};
  const distinct = asNumber(column.distinct);
  return {
    name: asText(column.name),
    kind,
    type: asText(column.type),
    failed: typeof column.failed === "string" ? column.failed : null,
    rows: asNumber(scalars.rows) ?? 0,
    nulls: asNumber(scalars.nulls) ?? 0,
    odd: oddOf(scalars),
    distinct: distinct === null ? "–" : `${column.distinct_exact === true ? "" : "~"}${shortNumber(distinct)}`,
    least: valueText(asNumber(scalars.least), kind),
    mean: valueText(asNumber(scalars.mean), kind),
    most: valueText(asNumber(scalars.most), kind),
    histogram: histogramOf(column.counts),
    top: Array.isArray(categories.top) ? categories.top.filter(isPair) : [],
    others: asNumber(categories.others) ?? 0,
  };
}

function oddOf(scalars: Fields): string {
  const nans = asNumber(scalars.nans) ?? 0;
  const infinite = (asNumber(scalars.positive_infinite) ?? 0) + (asNumber(scalars.negative_infinite) ?? 0);
  return [nans ? `${shortNumber(nans)} NaN` : "", infinite ? `${shortNumber(infinite)} infinite` : ""].filter(Boolean).join(", ");
}

function histogramOf(found: unknown): Histogram | null {
  if (!isFields(found)) return null;
  const { edges, counts } = found;
  if (!isNumbers(edges) || !isNumbers(counts) || edges.length < 2 || counts.length !== edges.length + 1) return null;
  if (edges.some((edge, index) => index > 0 && edge <= edges[index - 1]!)) return null;
  return counts.some((count) => count < 0) ? null : { edges, counts };
}

/** A number of a column: seconds since 1970 as a date or an instant (UTC). */
export function valueText(value: number | null, kind: string): string {
  if (value === null) return "–";
  if (kind !== "date" && kind !== "timestamp") return shortNumber(value);
  const instant = new Date(value * 1000);
  if (Number.isNaN(instant.getTime())) return `${shortNumber(value)} s`;
  const whole = instant.toISOString();
  return kind === "date" || value % 86_400 === 0 ? whole.slice(0, whole.indexOf("T")) : whole.slice(0, 19).replace("T", " ");
}

/** Bins of equal width, what was counted spread evenly within each: edges are quantiles, a bar's height must not be. */
export function evenBins({ edges, counts }: Histogram): Histogram {
  const drawn = wholeEdges(edges);
  const widths = drawn.slice(1).map((edge, index) => edge - drawn[index]!);
  const widest = Math.max(...widths);
  if (widest - Math.min(...widths) <= 1e-6 * widest) return { edges: drawn, counts };
  const first = drawn[0]!;
  const step = (drawn.at(-1)! - first) / BINS;
  const even = Array.from({ length: BINS + 1 }, (_, index) => first + step * index);
  const spread = Array.from({ length: BINS }, () => 0);
  widths.forEach((width, bin) => {
    const [low, high] = [drawn[bin]!, drawn[bin + 1]!];
    for (let place = 0; place < BINS; place++) {
      const shared = Math.min(high, even[place + 1]!) - Math.max(low, even[place]!);
      if (shared > 0) spread[place]! += (counts[bin + 1]! * shared) / width;
    }
  });
  return { edges: even, counts: [counts[0]!, ...spread, counts.at(-1)!] };
}

/** Counts of whole numbers end half a unit after the last one, which is drawn a unit wide as all others are. */
function wholeEdges(edges: number[]): number[] {
  const inner = edges.slice(0, -1);
  const last = edges.at(-1)!;
  return last === inner.at(-1)! + 0.5 && inner.every(Number.isInteger) ? [...inner, last + 0.5] : edges;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((each) => typeof each === "number" && Number.isFinite(each));
}

function isPair(value: unknown): value is [string, number] {
  return Array.isArray(value) && typeof value[0] === "string" && typeof value[1] === "number";
}
