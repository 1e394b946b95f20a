import { useLayoutEffect, useRef, useState } from "preact/hooks";

import type { ApiError } from "../../api/client.ts";
import { placeOf } from "../../lib/place.ts";

/** The filter, typed; Enter asks. An error of the server is shown under the character that it means. */
export function QueryBar(props: { value: string; error: ApiError | null; onAsk: (text: string) => void }) {
  const [text, setText] = useState(props.value);
  const input = useRef<HTMLInputElement>(null);
  // Before the next key can come: an effect after the paint would take back what is typed meanwhile.
  useLayoutEffect(() => setText(props.value), [props.value]);
  const place = props.error ? placeOf(props.error.message, props.value) : null;
  const signs = [...props.value]; // the server counts characters, not UTF-16 units

  const ask = (event: Event) => {
    event.preventDefault();
    props.onAsk(text.trim());
  };
  const pointTo = () => {
    if (place === null) return;
    const start = signs.slice(0, place).join("").length;
    input.current?.focus();
    input.current?.setSelectionRange(start, start + (signs[place]?.length ?? 0));
  };
  return (
    <form class="query" role="search" onSubmit={ask}>
      <label class="hidden" for="query">
        Query
      </label>
      <input
        id="query"
        ref={input}
        data-query
        type="search"
        spellcheck={false}
        autocomplete="off"
        placeholder="metrics.accuracy > 0.9 and params.alpha = '0.5'     ( / to type, ? for help )"
        value={text}
        aria-invalid={props.error !== null}
        aria-describedby={props.error ? "query-error" : undefined}
        onInput={(event) => {
          setText(event.currentTarget.value);
          if (!event.currentTarget.value) props.onAsk("");
        }}
        onKeyDown={(event) => event.key === "Escape" && event.currentTarget.blur()}
      />
      {props.error && (
        <div id="query-error" class="query-error" role="alert">
          {place !== null && (
            <button type="button" class="pointed" onClick={pointTo} title="Go to this character">
              <span class="hidden">Error at character {place + 1} of: </span>
              <span>{signs.slice(0, place).join("")}</span>
              <mark>{signs[place] ?? " "}</mark>
              <span>{signs.slice(place + 1).join("")}</span>
            </button>
          )}
          <p>{place === null ? props.error.message : props.error.message.split("\n", 1)[0]}</p>
        </div>
      )}
    </form>
  );
}
