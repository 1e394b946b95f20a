import { useCell } from "../state/cell.ts";
import { query, setQuery } from "../state/route.ts";
import type { Axis } from "../lib/lines.ts";
import { MetricCard } from "./metriccard.tsx";
import { Search } from "./search.tsx";

const AXES: [Axis, string][] = [
  ["step", "Step"],
  ["time", "Time"],
  ["relative", "Relative time"],
];
const MOST_CARDS = 300;

/** Charts of many metrics, with what holds for all of them: the x axis, the y axis, which names. */
export function MetricCards(props: { keys: string[]; runIds: string[]; labels: string[]; live: boolean }) {
  const state = useCell(query);
  const axis = AXES.find(([id]) => id === state.get("x"))?.[0] ?? "step";
  const logarithmic = state.get("log") === "1";
  const text = state.get("metric") ?? "";
  const found = props.keys.filter((key) => key.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <div class="bar">
        <Search label="Filter metrics by name" placeholder="Filter metrics" value={text} onInput={(typed) => setQuery({ metric: typed })} />
        <label>
          <span class="muted">x </span>
          <select value={axis} onChange={(event) => setQuery({ x: event.currentTarget.value === "step" ? null : event.currentTarget.value })}>
            {AXES.map(([id, title]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input type="checkbox" checked={logarithmic} onChange={(event) => setQuery({ log: event.currentTarget.checked ? "1" : null })} />
          Logarithmic
        </label>
        <span class="muted">Drag to zoom, double click to show all</span>
      </div>
      {props.keys.length === 0 && <p class="muted">No metric has more than one point.</p>}
      {props.keys.length > 0 && found.length === 0 && <p>No metric's name holds “{text}”.</p>}
      <div class="cards">
        {found.slice(0, MOST_CARDS).map((key) => (
          <MetricCard
            key={key}
            name={key}
            runIds={props.runIds}
            labels={props.labels}
            axis={axis}
            logarithmic={logarithmic}
            live={props.live}
          />
        ))}
      </div>
      {found.length > MOST_CARDS && <p class="muted">… and {found.length - MOST_CARDS} more: filter by name to see them.</p>}
    </>
  );
}
