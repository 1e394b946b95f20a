import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { getSlices, type Range } from "../api/metrics.ts";
import type { Slice } from "../api/types.ts";
import { formatNumber, fullTime, plural } from "../lib/format.ts";
import { type Axis, type Line, toLine, valueNear } from "../lib/lines.ts";
import { useLoad, useTicker } from "../state/load.ts";
import { Chart } from "./chart.tsx";
import { Failure } from "./failure.tsx";
import { PointTable } from "./pointtable.tsx";
import { Swatch } from "./swatch.tsx";

const HEIGHT = 190;

/** One metric of some runs as a chart; it asks the server once it comes near the screen. */
export function MetricCard(props: {
  name: string;
  runIds: string[];
  labels: string[];
  axis: Axis;
  logarithmic: boolean;
  live: boolean;
}) {
  const card = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        setNear(true);
        setWidth(Math.max(50, Math.round(card.current?.clientWidth ?? 400)));
        watcher.disconnect();
      },
      { rootMargin: "400px" },
    );
    watcher.observe(card.current!);
    return () => watcher.disconnect();
  }, []);
  return (
    <article class="card" ref={card} aria-label={`Metric ${props.name}`}>
      {near ? <Body {...props} width={width} /> : <h2>{props.name}</h2>}
    </article>
  );
}

type BodyProps = Parameters<typeof MetricCard>[0] & { width: number };

function Body(props: BodyProps) {
  const [zoom, setZoom] = useState<{ min: number; max: number } | null>(null);
  const [hover, setHover] = useState<number | null>(null);
  useEffect(() => setZoom(null), [props.axis]);

  const range: Range | null =
    zoom && props.axis === "step" ? { start: Math.floor(zoom.min), end: Math.ceil(zoom.max) } : null;
  const key = JSON.stringify([props.name, props.runIds, props.width, range]);
  const previous = useRef<Slice[]>([]);
  const answer = useLoad(key, (signal) => getSlices(props.runIds, props.name, props.width, range, signal));
  useTicker(5, props.live, answer.reload);
  if (answer.data) previous.current = answer.data;
  const slices = previous.current;

  const { lines, colors } = useMemo(() => {
    const found = props.runIds
      .map((id, index) => ({ slice: slices.find((one) => one.run_id === id), index }))
      .filter((one): one is { slice: Slice; index: number } => one.slice !== undefined);
    return {
      lines: found.map(({ slice, index }) => clip(toLine(slice, props.labels[index] ?? slice.run_id, props.axis), zoom)),
      colors: found.map(({ index }) => index),
    };
  }, [slices, props.axis, zoom]);

  const total = slices.reduce((sum, slice) => sum + slice.total, 0);
  const shown = slices.reduce((sum, slice) => sum + slice.values.length, 0);
  const odd = slices.reduce((sum, slice) => sum + slice.values.filter((value) => typeof value === "string").length, 0);
  return (
    <>
      <header>
        <h2>{props.name}</h2>
        {zoom && (
          <button type="button" class="link" onClick={() => setZoom(null)}>
            Show all
          </button>
        )}
        <span class="readout mono">{hover !== null && readout(lines, colors, hover, props.axis)}</span>
      </header>
      {answer.error && <Failure error={answer.error} onRetry={answer.reload} />}
      {slices.length === 0 ? (
        <div style={{ minHeight: `${HEIGHT}px` }} />
      ) : (
        <Chart
          lines={lines}
          colors={colors}
          axis={props.axis}
          logarithmic={props.logarithmic && positive(lines)}
          height={HEIGHT}
          label={`${props.name} of ${plural(lines.length, "run")}, ${plural(total, "point")}`}
          onZoom={setZoom}
          onHover={setHover}
        />
      )}
      <details>
        <summary>
          {shown < total ? `${shown.toLocaleString("en")} of ${plural(total, "point")}, peaks kept` : plural(total, "point")}
          {odd > 0 && `, ${odd} not finite`}
        </summary>
        <PointTable slices={slices} labels={props.labels} runIds={props.runIds} />
      </details>
    </>
  );
}

function clip(line: Line, zoom: { min: number; max: number } | null): Line {
  if (!zoom) return line;
  const keep = line.xs.map((x) => x >= zoom.min && x <= zoom.max);
  return { ...line, xs: line.xs.filter((_, index) => keep[index]), ys: line.ys.filter((_, index) => keep[index]) };
}

function positive(lines: Line[]): boolean {
  return lines.some((line) => line.ys.some((y) => y !== null && y > 0));
}

function readout(lines: Line[], colors: number[], at: number, axis: Axis) {
  const x = axis === "step" ? `step ${formatNumber(at)}` : axis === "time" ? fullTime(at * 1000) : `${formatNumber(at)} s`;
  return (
    <>
      <span class="muted">{x}</span>
      {lines.slice(0, 6).map((line, index) => {
        const value = valueNear(line, at);
        return (
          <span key={index}>
            {lines.length > 1 && <Swatch index={colors[index] ?? index} />}
            {value === null ? "–" : formatNumber(value)}
          </span>
        );
      })}
    </>
  );
}
