import type { Run } from "../../api/types.ts";
import { memo } from "../../components/memo.tsx";
import { StatusMark } from "../../components/status.tsx";
import { cellOf, valueOf } from "../../lib/cells.ts";
import type { Column, Sort } from "../../lib/columns.ts";

export const ROW = 30; // height of a row in pixels, as in the style sheet
const FAMILY: Record<string, string> = { metrics: "metric", params: "param", tags: "tag" };

export function HeaderCell(props: {
  id: string;
  title: string;
  family?: string;
  index: number;
  width: number;
  numeric?: boolean;
  fixed?: boolean;
  sort: Sort | null;
  onSort: (() => void) | null;
}) {
  const sorted = props.sort?.id === props.id ? (props.sort.descending ? "descending" : "ascending") : undefined;
  const kind = FAMILY[props.family ?? ""];
  const title = kind ? `${props.title} (${kind})` : props.title;
  const classes = ["cell", props.numeric && "number", props.fixed && "name"].filter(Boolean).join(" ");
  return (
    <div class={classes} role="columnheader" aria-colindex={props.index} aria-sort={sorted} style={{ width: `${props.width}px` }}>
      {props.onSort ? (
        <button type="button" class="sort" title={`Sort by ${title}`} onClick={props.onSort}>
          <span class={kind ? `family ${props.family}` : "family"}>{props.title}</span>
          {sorted && <span aria-hidden="true">{sorted === "descending" ? "↓" : "↑"}</span>}
        </button>
      ) : (
        <span class="sort">{props.title}</span>
      )}
    </div>
  );
}

interface RowProps {
  run: Run;
  index: number;
  columns: Column[];
  from: number;
  before: number;
  active: boolean;
  selected: boolean;
  onToggle: (id: string, range: boolean) => void;
  experiment: string;
  now: number;
}

function DrawnRow(props: RowProps) {
  const { run } = props;
  const id = run.info.run_id;
  const name = run.info.run_name || id;
  const nested = valueOf(run.data.tags, "mlflow.parentRunId") !== undefined;
  return (
    <div
      id={`run-${id}`}
      class="grid-row"
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.selected}
      data-active={props.active || undefined}
      style={{ transform: `translateY(${props.index * ROW}px)` }}
    >
      <div class="cell pick" role="gridcell" aria-colindex={1}>
        <input
          type="checkbox"
          aria-label={`Select ${name}`}
          checked={props.selected}
          onClick={(event) => props.onToggle(id, event.shiftKey)}
        />
      </div>
      <div class="cell name" role="rowheader" aria-colindex={2}>
        {nested && (
          <span class="muted" title="Part of another run" aria-label="Part of another run" role="img">
            ↳{" "}
          </span>
        )}
        <a href={`/runs/${id}`} title={name}>
          {name}
        </a>
      </div>
      <div class="gap" style={{ width: `${props.before}px` }} />
      {props.columns.map((column, index) => {
        const classes = column.numeric ? "cell number" : "cell";
        const common = { class: classes, role: "gridcell", "aria-colindex": props.from + index + 3, style: { width: `${column.width}px` } } as const;
        if (column.id === "info.status") {
          return (
            <div key={column.id} {...common}>
              <StatusMark status={run.info.status} />
            </div>
          );
        }
        if (column.id === "info.experiment") {
          return (
            <div key={column.id} {...common} title={props.experiment}>
              {props.experiment}
            </div>
          );
        }
        const cell = cellOf(run, column, props.now);
        return (
          <div key={column.id} {...common} title={cell.title}>
            {cell.text}
          </div>
        );
      })}
    </div>
  );
}

/** A row of the table; scrolling draws only those that come into sight. */
export const RunRow = memo<RowProps>(DrawnRow);
