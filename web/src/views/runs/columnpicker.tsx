import { useState } from "preact/hooks";

import type { Keys } from "../../api/types.ts";
import { Dialog } from "../../components/dialog.tsx";
import { columnOf, INFO_IDS } from "../../lib/columns.ts";

const LIMIT = 400; // boxes shown per family: the rest is reached by typing

/** Chooses the columns of the table. What is chosen is what the server reads and sends. */
export function ColumnPicker(props: {
  keys: Keys;
  chosen: string[];
  onChange: (ids: string[] | null) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState("");
  const chosen = new Set(props.chosen);
  const families: [string, string[]][] = [
    ["Run", INFO_IDS],
    ["Metrics", props.keys.metrics.map((key) => `metrics.${key}`)],
    ["Params", props.keys.params.map((key) => `params.${key}`)],
    ["Tags", props.keys.tags.map((key) => `tags.${key}`)],
  ];
  const toggle = (id: string, on: boolean) =>
    props.onChange(on ? [...props.chosen, id] : props.chosen.filter((other) => other !== id));
  const all = (ids: string[], on: boolean) => {
    const rest = props.chosen.filter((id) => !ids.includes(id));
    props.onChange(on ? [...rest, ...ids] : rest);
  };
  return (
    <Dialog title="Columns" onClose={props.onClose}>
      <div class="bar">
        <label class="search">
          <span class="hidden">Filter columns</span>
          <input type="search" autofocus placeholder="Filter" value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <span class="muted">{props.chosen.length} shown</span>
        <div class="spring" />
        <button type="button" onClick={() => props.onChange(null)}>
          Reset
        </button>
      </div>
      {families.map(([title, ids]) => {
        const found = ids.filter((id) => id.toLowerCase().includes(text.toLowerCase()));
        if (!found.length) return null;
        return (
          <fieldset class="columns" key={title}>
            <legend>
              {title}{" "}
              <button type="button" class="link" aria-label={`${title}: all`} onClick={() => all(found, true)}>
                all
              </button>{" "}
              <button type="button" class="link" aria-label={`${title}: none`} onClick={() => all(found, false)}>
                none
              </button>
            </legend>
            {found.slice(0, LIMIT).map((id) => (
              <label key={id}>
                <input type="checkbox" checked={chosen.has(id)} onChange={(event) => toggle(id, event.currentTarget.checked)} />
                <span>{columnOf(id)?.title}</span>
              </label>
            ))}
            {found.length > LIMIT && <p class="muted">… and {found.length - LIMIT} more: type to find them</p>}
          </fieldset>
        );
      })}
    </Dialog>
  );
}
