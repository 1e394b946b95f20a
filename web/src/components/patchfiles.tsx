import type { PatchFile, PatchLine } from "../lib/patch.ts";

const SIGNS = { added: "+", removed: "−", context: " ", hunk: "", note: "" } as const;
const MOST_LINES = 3000; // of a file, so that a huge patch doesn't freeze the page

/** A patch file by file, its lines coloured and marked with their signs. */
export function PatchFiles(props: { title: string; files: PatchFile[] }) {
  const added = props.files.reduce((sum, file) => sum + file.added, 0);
  const removed = props.files.reduce((sum, file) => sum + file.removed, 0);
  return (
    <section aria-label={props.title} class="patch">
      <h2>
        {props.title} <span class="good">+{added}</span> <span class="bad">−{removed}</span>
      </h2>
      {props.files.map((file, index) => (
        <details open key={index} class="panel">
          <summary>
            <span class="mono">{file.name}</span> <span class="good">+{file.added}</span> <span class="bad">−{file.removed}</span>
          </summary>
          <div class="wide" tabIndex={0} role="region" aria-label={`Changes of ${file.name}`}>
            <table class="diff">
              <tbody>
                {file.lines.slice(0, MOST_LINES).map((line, place) => (
                  <Line key={place} line={line} />
                ))}
              </tbody>
            </table>
          </div>
          {file.lines.length > MOST_LINES && (
            <p class="muted">… and {file.lines.length - MOST_LINES} more lines in the file under Artifacts</p>
          )}
        </details>
      ))}
    </section>
  );
}

function Line(props: { line: PatchLine }) {
  const { line } = props;
  return (
    <tr class={line.kind}>
      <td class="place">{line.before}</td>
      <td class="place">{line.after}</td>
      <td class="sign">{SIGNS[line.kind]}</td>
      <td class="text">{line.text}</td>
    </tr>
  );
}
