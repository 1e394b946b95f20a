import { useState } from "preact/hooks";

import { type ApiError, toError } from "../api/client.ts";
import { createExperiment } from "../api/experiments.ts";
import { go } from "../state/route.ts";
import { Dialog } from "./dialog.tsx";

export function NewExperiment(props: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  const create = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    try {
      const id = await createExperiment(name.trim());
      props.onClose();
      go(`/experiments/${id}`);
    } catch (reason) {
      setError(toError(reason));
      setBusy(false);
    }
  };
  return (
    <Dialog title="New experiment" onClose={props.onClose}>
      <form onSubmit={create}>
        <label class="field">
          Name
          <input
            autofocus
            required
            maxLength={500}
            value={name}
            aria-invalid={error !== null}
            aria-describedby={error ? "new-error" : undefined}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        {error && (
          <p id="new-error" class="failure" role="alert">
            {error.message}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy || !name.trim()}>
          Create
        </button>
      </form>
    </Dialog>
  );
}
