// Metric slices as lines of a chart.
import type { Slice } from "../api/types.ts";
import { toFloat } from "./format.ts";

export type Axis = "step" | "time" | "relative";

export interface Line {
  label: string;
  xs: number[];
  /** null where the value is not finite: the line has a gap there. */
  ys: (number | null)[];
}

/** Times are in seconds, since 1970 or since the line's first point. Points come sorted by x, one per x. */
export function toLine(slice: Slice, label: string, axis: Axis): Line {
  const origin = axis === "relative" ? slice.times.reduce((least, time) => Math.min(least, time), Infinity) : 0;
  const points = slice.values.map((value, index) => {
    const x = axis === "step" ? slice.steps[index]! : (slice.times[index]! - origin) / 1000;
    const y = toFloat(value);
    return { x, y: Number.isFinite(y) ? y : null };
  });
  points.sort((one, other) => one.x - other.x);
  const xs: number[] = [];
  const ys: (number | null)[] = [];
  for (const { x, y } of points) {
    if (xs.at(-1) === x) ys[ys.length - 1] = y; // the later of two points at one x
    else {
      xs.push(x);
      ys.push(y);
    }
  }
  return { label, xs, ys };
}

/** The value of a line at the x that is nearest to ``at``. */
export function valueNear(line: Line, at: number): number | null {
  let low = 0;
  let high = line.xs.length - 1;
  if (high < 0) return null;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (line.xs[middle]! < at) low = middle + 1;
    else high = middle;
  }
  const nearest = low > 0 && at - line.xs[low - 1]! < line.xs[low]! - at ? low - 1 : low;
  return line.ys[nearest] ?? null;
}
