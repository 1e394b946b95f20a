import { readPatch } from "../../api/provenance.ts";
import type { Run } from "../../api/types.ts";
import { Failure } from "../../components/failure.tsx";
import { Pairs } from "../../components/pairs.tsx";
import { PatchFiles } from "../../components/patchfiles.tsx";
import { valueOf } from "../../lib/cells.ts";
import { parsePatch } from "../../lib/patch.ts";
import { isCodeTag } from "../../lib/tags.ts";
import { useLoad } from "../../state/load.ts";

/** Which code ran: the commit, and what was changed since without being committed. */
export function Code(props: { run: Run }) {
  const { run } = props;
  const tags = (run.data.tags ?? []).filter(isCodeTag);
  const patch = useLoad(`patch ${run.info.run_id}`, (signal) => readPatch(run.info.run_id, signal));
  const state = valueOf(run.data.tags, "solvent.code");
  return (
    <div class="overview">
      <Pairs title="Code" pairs={tags} empty="Nothing was recorded about the code of this run." />
      {state === "unversioned" && (
        <p class="warn">The code was not under version control: its sources, if they were kept, are under Artifacts.</p>
      )}
      {patch.error && <Failure error={patch.error} onRetry={patch.reload} />}
      {patch.data === "" && state !== "unversioned" && (
        <p class="muted">
          {state === "versioned" ? "Everything was committed: the commit is the whole code." : "No patch was recorded."}
        </p>
      )}
      {patch.data && <PatchFiles files={parsePatch(patch.data)} />}
    </div>
  );
}
