import type { WireNumber } from "../api/types.ts";

/** The float that a wire number stands for. */
export function toFloat(value: WireNumber): number {
  return typeof value === "number" ? value : Number(value);
}

/** A number in at most ``digits`` significant digits, without trailing zeros; counts stay whole. */
export function formatNumber(value: WireNumber | undefined, digits = 5): string {
  const number = toFloat(value ?? 0); // the wire leaves zeros out
  if (Number.isNaN(number)) return "NaN";
  if (!Number.isFinite(number)) return number > 0 ? "∞" : "−∞";
  const size = Math.abs(number);
  if (Number.isInteger(number) && size < 1e9) return minus(String(number));
  if (size >= 1e7 || size < 1e-4) return minus(trim(number.toExponential(digits - 1)));
  return minus(trim(number.toPrecision(digits)));
}

function trim(text: string): string {
  const [mantissa = "", exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace("+", "")}`;
}

function minus(text: string): string {
  return text.replaceAll("-", "−");
}

/** All digits, as they were logged. */
export function exactNumber(value: WireNumber | undefined): string {
  return String(value ?? 0);
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** "3 min. ago": how long before ``now`` (both in milliseconds). */
export function ago(time: number | undefined, now = Date.now()): string {
  if (!time) return "–";
  const seconds = (time - now) / 1000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return "just now";
}

/** Date and time in the reader's zone. */
export function fullTime(time: number | undefined): string {
  if (!time) return "";
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "medium" });
}

/** A length in milliseconds: "340 ms", "12.4 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function formatDuration(length: number): string {
  if (length < 0) return "–";
  if (length < 1000) return `${Math.round(length)} ms`;
  const seconds = length / 1000;
  if (seconds < 60) return `${trim(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return pair(Math.floor(whole / 60), "min", whole % 60, "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 1440) return pair(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.round(minutes / 60);
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

function pair(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small ? `${large} ${largeUnit} ${small} ${smallUnit}` : `${large} ${largeUnit}`;
}

export function formatBytes(bytes: number | undefined): string {
  let size = bytes ?? 0;
  if (size < 1000) return `${size} B`;
  for (const unit of ["kB", "MB", "GB"]) {
    size /= 1000;
    if (size < 999.5) return `${trim(size.toPrecision(3))} ${unit}`;
  }
  return `${trim((size / 1000).toPrecision(3))} TB`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
