import { useState } from "preact/hooks";

import { percentText, shortNumber } from "../../lib/numbers.ts";
import { type ColumnProfile, evenBins, type Profile as Found, valueText } from "../../lib/profile.ts";

const WIDTH = 120;
const HEIGHT = 24;
const FIRST = 200; // rows drawn until all are asked for
const TOP = 3;

/** The columns of a data set: nulls, range, histogram and most frequent values. */
export function Profile(props: { profile: Found; name: string }) {
  const [filter, setFilter] = useState("");
  const [all, setAll] = useState(false);
  const columns = props.profile.columns ?? [];
  const found = columns.filter((column) => column.name.toLowerCase().includes(filter.toLowerCase()));
  const shown = all ? found : found.slice(0, FIRST);
  return (
    <>
      {columns.length > 12 && (
        <input type="search" aria-label={`Filter columns of ${props.name}`} placeholder="Filter columns" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
      )}
      <div class="wide" tabIndex={0} role="region" aria-label={`Profile of ${props.name}`}>
        <table class="list profile">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col" class="number">Nulls</th>
              <th scope="col" class="number">Distinct</th>
              <th scope="col" class="number">Least</th>
              <th scope="col" class="number">Mean</th>
              <th scope="col" class="number">Most</th>
              <th scope="col">Histogram</th>
              <th scope="col">Most frequent</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((column, index) => (
              <Row key={index} column={column} />
            ))}
          </tbody>
        </table>
      </div>
      {found.length > shown.length && (
        <button type="button" onClick={() => setAll(true)}>
          All {found.length.toLocaleString("en")} columns
        </button>
      )}
      <p class="muted">
        {["Of texts and lists, least, mean and most are lengths", "~ is an estimate", ...props.profile.notes].join("; ")}.
      </p>
    </>
  );
}

function Row({ column }: { column: ColumnProfile }) {
  const name = (
    <th scope="row">
      {column.name} <span class="muted">{column.kind}</span>
    </th>
  );
  if (column.failed !== null) {
    return (
      <tr>
        {name}
        <td colSpan={7} class="warn">
          Could not be looked at: {column.failed}
        </td>
      </tr>
    );
  }
  return (
    <tr>
      {name}
      <td class="number">
        {percentText(column.nulls, column.rows)}
        {column.odd && <div class="warn">{column.odd}</div>}
      </td>
      <td class="number">{column.distinct}</td>
      <td class="number">{column.least}</td>
      <td class="number">{column.mean}</td>
      <td class="number">{column.most}</td>
      <td>
        <Bars column={column} />
      </td>
      <td class="frequent">
        <Top column={column} />
      </td>
    </tr>
  );
}

/** Texts that come more than once by their most frequent values; all else by even bins. */
function Bars({ column }: { column: ColumnProfile }) {
  const { histogram, top, kind } = column;
  if (top.length && (kind === "text" || kind === "boolean") && top[0]![1] > 1) {
    return <Drawing counts={top.map(([, count]) => count)} label={`the ${top.length} most frequent values`} />;
  }
  if (!histogram) return <span class="muted">–</span>;
  const { edges, counts } = evenBins(histogram);
  const inner = counts.slice(1, -1);
  const drawn = [...(counts[0] ? [counts[0]] : []), ...inner, ...(counts.at(-1) ? [counts.at(-1)!] : [])];
  const sum = drawn.reduce((before, count) => before + count, 0);
  const most = inner.indexOf(Math.max(...inner));
  const text = (index: number) => valueText(edges[index]!, kind);
  const what = kind === "text" || kind === "list" || kind === "binary" ? "lengths" : "values";
  const label = `${inner.length} bins of ${what} from ${text(0)} to ${text(edges.length - 1)}; most, ${percentText(inner[most]!, sum)}, from ${text(most)} to ${text(most + 1)}`;
  return <Drawing counts={drawn} label={label} />;
}

function Drawing(props: { counts: number[]; label: string }) {
  const top = Math.max(...props.counts, 1e-300);
  const step = WIDTH / props.counts.length;
  const path = props.counts.map((count, index) => {
    const high = count ? Math.max(1, (count / top) * HEIGHT) : 0;
    return high ? `M${(index * step).toFixed(1)} ${HEIGHT}v${(-high).toFixed(1)}h${Math.max(1, step - 1).toFixed(1)}V${HEIGHT}z` : "";
  });
  return (
    <svg class="bars" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={props.label}>
      <title>{props.label}</title>
      <path d={path.join("")} />
    </svg>
  );
}

function Top({ column }: { column: ColumnProfile }) {
  if (!column.top.length) return null;
  const [first] = column.top;
  if (first![1] === 1 && column.top.length > TOP) return <span class="muted">no value twice</span>;
  const rows = column.top.reduce((sum, [, count]) => sum + count, column.others);
  return (
    <ul>
      {column.top.slice(0, TOP).map(([value, count], index) => (
        <li key={index} title={`${value}: ${shortNumber(count)} rows`}>
          <span class="cut">{value || "(empty)"}</span> <span class="muted">{percentText(count, rows)}</span>
        </li>
      ))}
    </ul>
  );
}
