import type { ComparedRun } from "../../api/compare.ts";
import { Swatch } from "../../components/swatch.tsx";
import { LongText } from "../../components/pairs.tsx";
import { StatusMark } from "../../components/status.tsx";
import { Time } from "../../components/time.tsx";
import type { ComparedRow, ComparedSection } from "../../lib/comparison.ts";

/** One column per run; in every section the rows that differ come first. */
export function ComparedTable(props: {
  runs: ComparedRun[];
  sections: ComparedSection[];
  onlyDiffering: boolean;
  onRemove: (id: string) => void;
}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Comparison">
      <table class="list compared">
        <thead>
          <tr>
            <td />
            {props.runs.map((run, index) => (
              <th key={run.run_id} scope="col">
                <Swatch index={index} /> <a href={`/runs/${run.run_id}`}>{run.run_name || run.run_id}</a>{" "}
                {props.runs.length > 2 && (
                  <button type="button" class="link" aria-label={`Leave out ${run.run_name}`} onClick={() => props.onRemove(run.run_id)}>
                    ✕
                  </button>
                )}
                <div class="muted">
                  <StatusMark status={run.status} /> · <Time at={run.start_time} />
                </div>
              </th>
            ))}
          </tr>
        </thead>
        {props.sections.map((section) => (
          <Section key={section.title} section={section} width={props.runs.length} onlyDiffering={props.onlyDiffering} />
        ))}
      </table>
    </div>
  );
}

function Section(props: { section: ComparedSection; width: number; onlyDiffering: boolean }) {
  const { section } = props;
  const rows = props.onlyDiffering ? section.rows.filter((row) => row.differs) : section.rows;
  return (
    <tbody aria-label={section.title}>
      <tr class="section">
        <th scope="rowgroup" colSpan={props.width + 1}>
          {section.title}{" "}
          <span class="muted">
            {section.differing ? `${section.differing} of ${section.rows.length} differ` : `${section.rows.length} alike`}
          </span>
        </th>
      </tr>
      {rows.map((row) => (
        <Row key={row.key} row={row} />
      ))}
    </tbody>
  );
}

function Row({ row }: { row: ComparedRow }) {
  return (
    <tr data-differs={row.differs || undefined}>
      <th scope="row">{row.key}</th>
      {row.values.map((value, index) => (
        <td key={index} title={row.titles?.[index]}>
          {value === null ? <span class="muted">–</span> : <LongText text={value} />}
          {row.beside?.[index] && <span class="muted"> {row.beside[index]}</span>}
        </td>
      ))}
    </tr>
  );
}
