import { listArtifacts } from "../../api/artifacts.ts";
import { Failure } from "../../components/failure.tsx";
import { useCell } from "../../state/cell.ts";
import { useLoad } from "../../state/load.ts";
import { query } from "../../state/route.ts";
import { Preview } from "./preview.tsx";
import { Folder } from "./tree.tsx";

/** The files of a run: folders open in place, a file is shown beside the tree. */
export function Artifacts(props: { runId: string }) {
  const path = useCell(query).get("path");
  const root = useLoad(`artifacts ${props.runId}`, (signal) => listArtifacts(props.runId, "", signal));
  if (root.error) return <Failure error={root.error} onRetry={root.reload} />;
  if (!root.data) return <p aria-busy="true" />;
  if (root.data.length === 0) {
    return (
      <p class="muted">
        No files yet. <code>solvent.log_artifact("plot.png")</code> keeps one with the run.
      </p>
    );
  }
  return (
    <div class="artifacts">
      <nav class="panel tree" aria-label="Files">
        <Folder files={root.data} runId={props.runId} selected={path} />
      </nav>
      <div class="panel">
        {path ? <Preview key={path} runId={props.runId} path={path} /> : <p class="muted">Choose a file to see it.</p>}
      </div>
    </div>
  );
}
