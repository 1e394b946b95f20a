import { useState } from "preact/hooks";

/** A command or an id, with a button that copies it. */
export function Copyable(props: { text: string; label: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
      setSaid("Copied");
    } catch {
      setSaid("Select it and copy");
    }
    setTimeout(() => setSaid(""), 2000);
  };
  return (
    <span class="copyable">
      <code>{props.text}</code>
      <button type="button" class="link" aria-label={`Copy ${props.label}`} onClick={copy}>
        {said || "Copy"}
      </button>
    </span>
  );
}
