import { readCode } from "../../api/provenance.ts";
import type { Run } from "../../api/types.ts";
import { Failure } from "../../components/failure.tsx";
import { Pairs } from "../../components/pairs.tsx";
import { PatchFiles } from "../../components/patchfiles.tsx";
import { valueOf } from "../../lib/cells.ts";
import { parsePatch } from "../../lib/patch.ts";
import { isCodeTag } from "../../lib/tags.ts";
import { useLoad } from "../../state/load.ts";

/** Which code ran: the commit, what was changed since, files that no commit holds, cells of a notebook. */
export function Code(props: { run: Run }) {
  const { run } = props;
  const tags = (run.data.tags ?? []).filter(isCodeTag);
  const answer = useLoad(`code ${run.info.run_id}`, (signal) => readCode(run.info.run_id, signal));
  const state = valueOf(run.data.tags, "solvent.code");
  const files = answer.data;
  return (
    <div class="overview">
      <Pairs title="Code" pairs={tags} empty="Nothing was recorded about the code of this run." />
      {state === "unversioned" && (
        <p class="warn">No commit holds this code. Put it under version control to make the run reproducible by others.</p>
      )}
      {answer.error && <Failure error={answer.error} onRetry={answer.reload} />}
      {files && !files.patch && !files.untracked && !files.cells && state !== "unversioned" && (
        <p class="muted">
          {state === "versioned" ? "Everything was committed: the commit is the whole code." : "No patch was recorded."}
        </p>
      )}
      {files && files.cut.length > 0 && (
        <p class="warn">Only the beginning is shown of {files.cut.join(", ")}: the whole is under Artifacts.</p>
      )}
      {files?.patch && <PatchFiles title="Uncommitted changes" files={parsePatch(files.patch)} />}
      {files?.untracked && <PatchFiles title="Files that no commit holds" files={parsePatch(files.untracked)} />}
      {files?.cells && (
        <section class="panel" aria-label="Executed cells">
          <header>
            <h2>Executed cells</h2>
          </header>
          <pre tabIndex={0}>{files.cells}</pre>
        </section>
      )}
    </div>
  );
}
