import { useEffect, useMemo, useRef, useState } from "preact/hooks";

import { getExperiment } from "../api/experiments.ts";
import { listKeys, type Question } from "../api/runs.ts";
import type { Keys } from "../api/types.ts";
import { Failure } from "../components/failure.tsx";
import { FirstRun } from "../components/firstrun.tsx";
import { tagsNeeded } from "../lib/cells.ts";
import { columnOf, defaultColumns, orderBy, parseColumns, parseSort, printColumns } from "../lib/columns.ts";
import { plural } from "../lib/format.ts";
import { MOST_COMPARED } from "../lib/limits.ts";
import { useCell } from "../state/cell.ts";
import { useCursor } from "../state/cursor.ts";
import { useKeys } from "../state/keys.ts";
import { useLoad, useTicker } from "../state/load.ts";
import { go, query, setQuery } from "../state/route.ts";
import { isGoing, RunList } from "../state/runlist.ts";
import { useTitle } from "../state/title.ts";
import { ColumnPicker } from "./runs/columnpicker.tsx";
import { Grid } from "./runs/grid.tsx";
import { QueryBar } from "./runs/querybar.tsx";
import { ROW } from "./runs/row.tsx";

const NO_KEYS: Keys = { metrics: [], params: [], tags: [] };

export function RunsView(props: { ids: string }) {
  const ids = useMemo(() => props.ids.split(",").filter(Boolean), [props.ids]);
  const about = useLoad(`runs ${props.ids}`, async (signal) => {
    const [keys, ...experiments] = await Promise.all([listKeys(ids, signal), ...ids.map((id) => getExperiment(id, signal))]);
    return { keys, experiments };
  });
  const names = new Map((about.data?.experiments ?? []).map((row) => [row.experiment_id, row.name ?? row.experiment_id]));
  const title = [...names.values()].join(", ");
  useTitle(title);

  if (about.error && !about.data) {
    return (
      <section class="page">
        <h1>Runs</h1>
        <Failure error={about.error} onRetry={about.reload} />
      </section>
    );
  }
  if (!about.data) return <section class="page" aria-busy="true" />;
  return (
    <RunsTable key={props.ids} ids={ids} keys={about.data.keys} names={names} title={title} onKeysStale={about.reload} />
  );
}

function RunsTable(props: { ids: string[]; keys: Keys; names: Map<string, string>; title: string; onKeysStale: () => void }) {
  const list = useMemo(() => new RunList(), []);
  const [picking, setPicking] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<string | null>(null);
  const keys = props.keys ?? NO_KEYS;

  const state = useCell(query);
  const filter = state.get("q") ?? "";
  const sortText = state.get("sort");
  const columnsText = state.get("cols");
  const sort = parseSort(sortText);
  const columnIds = parseColumns(columnsText) ?? defaultColumns(keys, props.ids.length > 1);
  const columnKey = columnIds.join("\n");
  const columns = useMemo(() => columnIds.map((id) => columnOf(id)!), [columnKey]);
  const selected = useMemo(() => new Set((state.get("sel") ?? "").split(",").filter(Boolean)), [state.get("sel")]);

  useEffect(() => {
    const question: Question = {
      experimentIds: props.ids,
      filter,
      orderBy: orderBy(sort),
      metricKeys: columns.filter((column) => column.family === "metrics").map((column) => column.key),
      paramKeys: columns.filter((column) => column.family === "params").map((column) => column.key),
      tagKeys: tagsNeeded(columns),
    };
    void list.ask(question, scroller.current?.scrollTop ? list.rows.value.length : 0);
  }, [filter, sortText, columnKey]);
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [filter, sortText]);

  const rows = useCell(list.rows);
  const see = (index: number) => reveal(scroller.current, index);
  const cursor = useCursor(rows, (run) => run.info.run_id, (run) => go(`/runs/${run.info.run_id}`), see);
  const select = (chosen: Set<string>) => setQuery({ sel: [...chosen].slice(0, MOST_COMPARED).join(",") });
  const toggle = (id: string, range: boolean) => {
    const next = new Set(selected);
    const start = range && anchor.current ? rows.findIndex((run) => run.info.run_id === anchor.current) : -1;
    const end = rows.findIndex((run) => run.info.run_id === id);
    if (start >= 0) for (const run of rows.slice(Math.min(start, end), Math.max(start, end) + 1)) next.add(run.info.run_id);
    else if (!next.delete(id)) next.add(id);
    anchor.current = id;
    select(next);
  };
  const compare = () => selected.size > 1 && go(`/compare?runs=${[...selected].join(",")}`);
  useKeys({
    x: () => cursor.id && toggle(cursor.id, false),
    c: () => void compare(),
  });

  const going = rows.some(isGoing);
  useTicker(going ? 5 : 15, true, async () => {
    const top = scroller.current?.scrollTop ?? 0;
    const inSight = rows[Math.floor(top / ROW)]?.info.run_id;
    const came = await list.refresh(inSight);
    if (came && top && scroller.current) scroller.current.scrollTop += came * ROW;
  });
  const hadRows = useRef(false);
  useEffect(() => {
    if (rows.length && !hadRows.current && !keys.metrics.length && !keys.params.length) props.onKeysStale();
    hadRows.current = rows.length > 0;
  }, [rows.length]);

  const total = useCell(list.total);
  const error = useCell(list.error);
  const loading = useCell(list.loading);
  const empty = total === 0 && !error && !loading;
  return (
    <section class="page whole">
      <div class="bar">
        <a class="crumb" href="/experiments">
          Experiments
        </a>
        <h1 class="clip">{props.title}</h1>
        <span class="muted" role="status" data-total={total ?? undefined}>
          {total === null ? (error ? "" : "Loading …") : plural(total, "run")}
          {filter && total !== null ? " found" : ""}
        </span>
        <div class="spring" />
        {selected.size > 0 && (
          <button type="button" class="quiet" onClick={() => setQuery({ sel: null })}>
            Clear selection
          </button>
        )}
        <button type="button" class="primary" disabled={selected.size < 2} title="Select two runs or more" onClick={compare}>
          Compare {selected.size > 1 ? selected.size : ""}
        </button>
        <button type="button" onClick={() => setPicking(true)}>
          Columns
        </button>
      </div>
      <QueryBar value={filter} error={error} onAsk={(text) => setQuery({ q: text }, true)} />
      {empty && !filter && <FirstRun experiment={props.title} />}
      {empty && filter && (
        <p>
          No run fits this query. <button type="button" class="link" onClick={() => setQuery({ q: null }, true)}>Show all runs</button>
        </p>
      )}
      {!empty && (
        <Grid
          scroller={scroller}
          rows={rows}
          total={total ?? rows.length}
          columns={columns}
          sort={sort}
          onSort={(text) => setQuery({ sort: text }, true)}
          activeId={cursor.id}
          selected={selected}
          onToggle={toggle}
          onNearEnd={() => void list.next()}
          experimentNames={props.names}
          stale={loading || error !== null}
        />
      )}
      {picking && (
        <ColumnPicker
          keys={keys}
          chosen={columnIds}
          onChange={(chosen) => setQuery({ cols: chosen && (printColumns(chosen) || "-") })}
          onClose={() => setPicking(false)}
        />
      )}
    </section>
  );
}

/** Scrolls just enough that the row is in sight below the header. */
function reveal(box: HTMLDivElement | null, index: number): void {
  if (!box) return;
  const top = index * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + 2 * ROW > box.scrollTop + box.clientHeight) box.scrollTop = top + 2 * ROW - box.clientHeight + 8;
}
