import type { RefObject } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";

import type { Run } from "../../api/types.ts";
import { type Column, printSort, type Sort } from "../../lib/columns.ts";
import { HeaderCell, ROW, RunRow } from "./row.tsx";

const AHEAD = 10; // rows drawn beyond each edge
const FIXED = 300; // width of the columns that never scroll away

interface View {
  top: number;
  left: number;
  height: number;
  width: number;
}

/** A table that draws only what is in sight, of its rows and of its columns. */
export function Grid(props: {
  scroller: RefObject<HTMLDivElement | null>;
  rows: Run[];
  total: number;
  columns: Column[];
  sort: Sort | null;
  onSort: (text: string | null) => void;
  activeId: string | null;
  selected: ReadonlySet<string>;
  onToggle: (id: string, range: boolean) => void;
  onNearEnd: () => void;
  experimentNames: ReadonlyMap<string, string>;
  stale: boolean;
}) {
  const { rows, columns, scroller } = props;
  const [view, setView] = useState<View>({ top: 0, left: 0, height: 600, width: 1200 });
  const look = () => {
    const box = scroller.current;
    if (!box) return;
    const next = { top: coarse(box.scrollTop), left: box.scrollLeft, height: box.clientHeight, width: box.clientWidth };
    setView((old) => (same(old, next) ? old : next));
  };
  useEffect(() => {
    const watcher = new ResizeObserver(look);
    if (scroller.current) watcher.observe(scroller.current);
    return () => watcher.disconnect();
  }, []);

  const first = Math.max(0, Math.floor(view.top / ROW) - AHEAD);
  const last = Math.min(rows.length, Math.ceil((view.top + view.height) / ROW) + AHEAD);
  const drawn = rows.slice(first, last);
  const [from, to, before] = columnsInSight(columns, view);
  const shown = useMemo(() => columns.slice(from, to), [columns, from, to]);
  const width = FIXED + columns.reduce((sum, column) => sum + column.width, 0);
  const nearEnd = last + 60 >= rows.length;
  useEffect(() => {
    if (nearEnd) props.onNearEnd();
  }, [nearEnd, rows.length]);

  const now = useMemo(() => Date.now(), [rows]);
  const toggle = useRef(props.onToggle);
  toggle.current = props.onToggle;
  const onToggle = useCallback((id: string, range: boolean) => toggle.current(id, range), []);
  const nextSort = (id: string): string | null => {
    if (props.sort?.id !== id) return printSort({ id, descending: id.startsWith("metrics.") || id === "info.start_time" });
    const started = id.startsWith("metrics.") || id === "info.start_time";
    return props.sort.descending === started ? printSort({ id, descending: !started }) : null;
  };
  return (
    <div
      ref={scroller}
      class={props.stale ? "grid stale" : "grid"}
      role="grid"
      aria-label="Runs"
      aria-rowcount={props.total + 1}
      aria-colcount={columns.length + 2}
      aria-activedescendant={drawn.some((run) => run.info.run_id === props.activeId) ? `run-${props.activeId}` : undefined}
      aria-multiselectable="true"
      tabIndex={0}
      onScroll={look}
    >
      <div class="grid-head" role="row" aria-rowindex={1} style={{ width: `${width}px` }}>
        <div class="cell pick" role="columnheader" aria-colindex={1}>
          <span class="hidden">Selected</span>
        </div>
        <HeaderCell id="run_name" title="Run" index={2} width={FIXED - 34} fixed sort={props.sort} onSort={() => props.onSort(nextSort("run_name"))} />
        <div style={{ width: `${before}px` }} class="gap" />
        {shown.map((column, index) => (
          <HeaderCell
            key={column.id}
            id={column.id}
            title={column.title}
            family={column.family}
            index={from + index + 3}
            width={column.width}
            numeric={column.numeric}
            sort={props.sort}
            onSort={column.order === null ? null : () => props.onSort(nextSort(column.id))}
          />
        ))}
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: `${rows.length * ROW}px`, width: `${width}px` }}>
        {drawn.map((run, index) => (
          <RunRow
            key={run.info.run_id}
            run={run}
            index={first + index}
            columns={shown}
            from={from}
            before={before}
            active={props.activeId === run.info.run_id}
            selected={props.selected.has(run.info.run_id)}
            onToggle={onToggle}
            experiment={props.experimentNames.get(run.info.experiment_id ?? "") ?? run.info.experiment_id ?? ""}
            now={now}
          />
        ))}
      </div>
    </div>
  );
}

/** The table is drawn anew every few rows, not at every pixel. */
function coarse(top: number): number {
  return top - (top % (ROW * 4));
}

function same(one: View, other: View): boolean {
  return one.top === other.top && one.left === other.left && one.height === other.height && one.width === other.width;
}

/** The first and the end column to draw, and the width of those before. */
function columnsInSight(columns: Column[], view: View): [number, number, number] {
  let from = 0;
  let before = 0;
  while (from < columns.length && before + columns[from]!.width < view.left) before += columns[from++]!.width;
  let to = from;
  let edge = before;
  while (to < columns.length && edge < view.left + view.width) edge += columns[to++]!.width;
  return [from, to, before];
}
