import { useState } from "preact/hooks";

import type { KeyValue } from "../api/types.ts";

const SHORT = 300; // characters shown of a long value until it is opened

/** Names and texts as a table, with a filter once there are many. */
export function Pairs(props: { title: string; pairs: KeyValue[]; empty: string }) {
  const [text, setText] = useState("");
  const wanted = text.toLowerCase();
  const found = props.pairs.filter(({ key = "", value = "" }) => `${key}\n${value}`.toLowerCase().includes(wanted));
  return (
    <section class="panel" aria-label={props.title}>
      <header>
        <h2>
          {props.title} <span class="muted">{props.pairs.length || ""}</span>
        </h2>
        {props.pairs.length > 12 && (
          <input type="search" aria-label={`Filter ${props.title}`} placeholder="Filter" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        )}
      </header>
      {props.pairs.length === 0 && <p class="muted">{props.empty}</p>}
      {props.pairs.length > 0 && (
        <table class="list pairs">
          <tbody>
            {found.map(({ key = "", value = "" }) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td>
                  <LongText text={value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function LongText(props: { text: string }) {
  const [open, setOpen] = useState(false);
  const { text } = props;
  if (text.length <= SHORT) return <span class="value">{text}</span>;
  return (
    <span class="value">
      {open ? text : `${text.slice(0, SHORT)} … `}
      <button type="button" class="link" aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? " less" : `all ${text.length.toLocaleString("en")} characters`}
      </button>
    </span>
  );
}
