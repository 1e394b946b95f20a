import { useEffect, useState } from "preact/hooks";

import { artifactUrl, type Head, readHead } from "../../api/artifacts.ts";
import { send } from "../../api/client.ts";
import { Failure } from "../../components/failure.tsx";
import { Records } from "../../components/records.tsx";
import { formatBytes } from "../../lib/format.ts";
import { useLoad } from "../../state/load.ts";

const LIMIT = 512 * 1024; // bytes of a text that are fetched
const IMAGES: Record<string, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  svg: "image/svg+xml",
  bmp: "image/bmp",
};

/** A file as a picture, a table or text. Nothing in it is ever run: HTML and Markdown are shown as written. */
export function Preview(props: { runId: string; path: string }) {
  const kind = props.path.slice(props.path.lastIndexOf(".") + 1).toLowerCase();
  const image = IMAGES[kind];
  return (
    <>
      <header class="bar">
        <h2 class="mono">{props.path}</h2>
        <div class="spring" />
        <a class="button" href={artifactUrl(props.runId, props.path)} download={props.path.split("/").at(-1)}>
          Download
        </a>
      </header>
      {image ? <Picture {...props} type={image} /> : <Text {...props} kind={kind} />}
    </>
  );
}

/** Shown from memory by an img element, in which even an SVG's scripts don't run. */
function Picture(props: { runId: string; path: string; type: string }) {
  const [address, setAddress] = useState("");
  const answer = useLoad(`${props.runId} ${props.path}`, async (signal) => {
    const response = await send(artifactUrl(props.runId, props.path), { signal });
    return new Blob([await response.arrayBuffer()], { type: props.type });
  });
  useEffect(() => {
    if (!answer.data) return;
    const url = URL.createObjectURL(answer.data);
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [answer.data]);
  if (answer.error) return <Failure error={answer.error} onRetry={answer.reload} />;
  return address ? <img class="picture" src={address} alt={`Artifact ${props.path}`} /> : null;
}

function Text(props: { runId: string; path: string; kind: string }) {
  const answer = useLoad(`${props.runId} ${props.path}`, (signal) => readHead(props.runId, props.path, LIMIT, signal));
  if (answer.error) return <Failure error={answer.error} onRetry={answer.reload} />;
  if (!answer.data) return null;
  const head = answer.data;
  if (head.binary) return <p class="muted">This file is not text. Download it to open it.</p>;
  return (
    <>
      {head.cut && <p class="warn">Only the first {formatBytes(head.bytes)} are shown.</p>}
      {props.kind === "csv" || props.kind === "tsv" ? (
        <Records text={head.text} delimiter={props.kind === "csv" ? "," : "\t"} />
      ) : (
        <pre tabIndex={0}>{props.kind === "json" ? pretty(head) : head.text}</pre>
      )}
    </>
  );
}

function pretty(head: Head): string {
  if (head.cut) return head.text;
  try {
    return JSON.stringify(JSON.parse(head.text), null, 2);
  } catch {
    return head.text;
  }
}
