import { useMemo } from "preact/hooks";

import { compareRuns, type Comparison } from "../../api/compare.ts";
import { Failure } from "../../components/failure.tsx";
import { PatchFiles } from "../../components/patchfiles.tsx";
import { sectionsOf } from "../../lib/comparison.ts";
import { plural } from "../../lib/format.ts";
import { MOST_SIDE_BY_SIDE } from "../../lib/limits.ts";
import { parsePatch } from "../../lib/patch.ts";
import { useCell } from "../../state/cell.ts";
import { useLoad, useTicker } from "../../state/load.ts";
import { query, setQuery } from "../../state/route.ts";
import { ComparedTable } from "./table.tsx";

/** What differs between the runs, by section, and the lines of code. */
export function Differences(props: { ids: string[] }) {
  const ids = props.ids.slice(0, MOST_SIDE_BY_SIDE);
  const onlyDiffering = useCell(query).get("diff") === "1";
  const answer = useLoad(`compare ${ids.join()}`, (signal) => compareRuns(ids, true, signal));
  const found = answer.data;
  useTicker(5, !!found?.runs.some((run) => run.status === "RUNNING"), answer.reload);
  const sections = useMemo(() => (found ? sectionsOf(found) : []), [found]);
  const differing = sections.reduce((sum, one) => sum + one.differing, 0);
  const remove = (id: string) => setQuery({ runs: props.ids.filter((other) => other !== id).join(",") });
  return (
    <>
      {answer.error && <Failure error={answer.error} onRetry={answer.reload} />}
      {!found && answer.loading && <p aria-busy="true">Comparing …</p>}
      {found && (
        <>
          <div class="bar">
            <label class="check">
              <input type="checkbox" checked={onlyDiffering} onChange={(event) => setQuery({ diff: event.currentTarget.checked ? "1" : null })} />
              Only what differs
            </label>
            <span class="muted" role="status">
              {differing ? plural(differing, "difference") : "no difference"}
              {found.left_out ? `, ${found.left_out} rows left out` : ""}
            </span>
          </div>
          {ids.length < props.ids.length && <p class="warn">These are the first {ids.length} of {props.ids.length} runs; the charts show all.</p>}
          {found.runs.flatMap((run) =>
            run.unread.map((note) => (
              <p class="warn" key={run.run_id + note}>
                {run.run_name}: not compared: {note}
              </p>
            )),
          )}
          <ComparedTable runs={found.runs} sections={sections} onlyDiffering={onlyDiffering} onRemove={remove} />
          <CodeChanges found={found} />
        </>
      )}
    </>
  );
}

/** The files whose code is not the first run's, line by line, for each of the other runs. */
function CodeChanges({ found }: { found: Comparison }) {
  const [first, ...others] = found.runs;
  return (
    <>
      {found.code_changes.map(({ note, files }, index) => {
        const title = `Code from ${first!.run_name} to ${others[index]!.run_name}`;
        const patch = files.map(({ path, text }) => `diff --git a/${path} b/${path}\n+++ b/${path}\n${text ?? "too long to be shown"}`);
        if (files.length) return <PatchFiles key={index} title={title} files={parsePatch(patch.join("\n"))} />;
        return note ? (
          <p class="muted" key={index}>
            {title}: {note}
          </p>
        ) : null;
      })}
    </>
  );
}
