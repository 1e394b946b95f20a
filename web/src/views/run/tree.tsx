import { useState } from "preact/hooks";

import { listArtifacts } from "../../api/artifacts.ts";
import type { FileInfo } from "../../api/types.ts";
import { Failure } from "../../components/failure.tsx";
import { formatBytes } from "../../lib/format.ts";
import { useLoad } from "../../state/load.ts";
import { setQuery } from "../../state/route.ts";

/** The entries of a folder, folders first. */
export function Folder(props: { files: FileInfo[]; runId: string; selected: string | null }) {
  const files = [...props.files].sort((one, other) => Number(other.is_dir ?? false) - Number(one.is_dir ?? false));
  return (
    <ul>
      {files.map((file) => (
        <li key={file.path}>
          {file.is_dir ? (
            <Branch path={file.path} runId={props.runId} selected={props.selected} />
          ) : (
            <button
              type="button"
              class="quiet leaf"
              aria-current={props.selected === file.path}
              onClick={() => setQuery({ path: file.path }, true)}
            >
              <span>{nameOf(file.path)}</span>
              <span class="muted">{formatBytes(file.file_size)}</span>
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Branch(props: { path: string; runId: string; selected: string | null }) {
  const [open, setOpen] = useState(props.selected?.startsWith(`${props.path}/`) ?? false);
  return (
    <>
      <button type="button" class="quiet leaf" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          <span aria-hidden="true">{open ? "▾" : "▸"}</span> {nameOf(props.path)}
        </span>
      </button>
      {open && <Entries {...props} />}
    </>
  );
}

/** Asked for when the folder is opened. */
function Entries(props: { path: string; runId: string; selected: string | null }) {
  const answer = useLoad(`${props.runId} ${props.path}`, (signal) => listArtifacts(props.runId, props.path, signal));
  if (answer.error) return <Failure error={answer.error} onRetry={answer.reload} />;
  if (!answer.data) return null;
  return <Folder files={answer.data} runId={props.runId} selected={props.selected} />;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
