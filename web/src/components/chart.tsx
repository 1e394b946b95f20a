import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

import { formatDuration, formatNumber } from "../lib/format.ts";
import type { Axis, Line } from "../lib/lines.ts";
import { useCell } from "../state/cell.ts";
import { palette } from "../state/theme.ts";

function computed(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

interface Props {
  lines: Line[];
  colors: number[];
  axis: Axis;
  logarithmic: boolean;
  height: number;
  label: string;
  /** The part of the x axis that the reader chose by dragging; null for all of it. */
  onZoom: (range: { min: number; max: number } | null) => void;
  onHover: (x: number | null) => void;
}

/** Lines over steps or time, drawn on a canvas. Dragging zooms, a double click shows all. */
export function Chart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const turn = useCell(palette);
  const shape = `${props.axis} ${props.logarithmic} ${props.lines.length} ${props.colors.join()} ${turn}`;

  useEffect(() => {
    const box = place.current!;
    const plot = new uPlot(options(latest, box.clientWidth || 400), joined(latest.current.lines), box);
    chart.current = plot;
    const watcher = new ResizeObserver(() => plot.setSize({ width: box.clientWidth || 400, height: latest.current.height }));
    watcher.observe(box);
    return () => {
      watcher.disconnect();
      plot.destroy();
      chart.current = null;
    };
  }, [shape]);
  useEffect(() => chart.current?.setData(joined(props.lines)), [props.lines]);

  return <div ref={place} class="chart" role="img" aria-label={props.label} style={{ minHeight: `${props.height}px` }} />;
}

/** All lines over one common x axis, as uPlot wants them; a gap is null, "no point here" is undefined. */
function joined(lines: Line[]): uPlot.AlignedData {
  if (!lines.length) return [[], []];
  return uPlot.join(lines.map((line) => [line.xs, line.ys] as uPlot.AlignedData));
}

function options(latest: { current: Props }, width: number): uPlot.Options {
  const { axis, logarithmic, lines, colors, height } = latest.current;
  const muted = computed("--muted");
  const grid = { stroke: computed("--line"), width: 1 };
  const axes: uPlot.Axis[] = [
    { stroke: muted, grid, ticks: grid, size: 28, ...(axis === "step" ? { incrs: WHOLE } : {}), ...(axis === "time" ? {} : { values: (_plot: uPlot, ticks: number[]) => ticks.map((tick) => tickText(tick, axis)) }) },
    {
      stroke: muted,
      grid,
      ticks: grid,
      size: (_plot, values) => 18 + 6.6 * Math.max(3, ...(values ?? []).map((text) => (text ?? "").length)),
      values: (_plot, ticks) => ticks.map((tick) => (tick === null ? "" : formatNumber(tick, 4))),
    },
  ];
  return {
    width,
    height,
    padding: [10, 14, 0, 0],
    legend: { show: false },
    cursor: { drag: { x: true, y: false, setScale: false }, sync: { key: `solvent-${axis}` }, points: { size: 7 } },
    scales: { x: { time: axis === "time" }, y: { distr: logarithmic ? 3 : 1 } },
    axes,
    series: [
      {},
      ...lines.map((line, index) => ({
        label: line.label,
        stroke: computed(`--series-${((colors[index] ?? index) % 10) + 1}`),
        width: 1.5,
        dash: dashes((colors[index] ?? index) / 10),
        points: { show: line.xs.length < 40, size: 4 },
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const min = plot.posToVal(plot.select.left, "x");
          const max = plot.posToVal(plot.select.left + plot.select.width, "x");
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          latest.current.onZoom({ min, max });
        },
      ],
      setCursor: [(plot) => latest.current.onHover(plot.cursor.idx == null ? null : (plot.data[0][plot.cursor.idx] ?? null))],
      ready: [(plot) => plot.over.addEventListener("dblclick", () => latest.current.onZoom(null))],
    },
  };
}

function tickText(tick: number, axis: Axis): string {
  return axis === "relative" ? formatDuration(tick * 1000) : formatNumber(tick);
}

/** Distances between ticks on an axis of steps: there is nothing between two steps. */
const WHOLE = Array.from({ length: 16 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** From the eleventh series on, colours come again with dashes. */
function dashes(round: number): number[] {
  return [[], [6, 4], [2, 3], [10, 3, 2, 3]][Math.floor(round) % 4] ?? [];
}
