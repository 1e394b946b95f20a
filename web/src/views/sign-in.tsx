import { useState } from "preact/hooks";

import { type ApiError, toError } from "../api/client.ts";
import { signIn } from "../api/session.ts";
import { enter } from "../state/session.ts";

/** Stands in place of every view until it is known who looks; the address stays, so that it leads on. */
export function SignInView() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  const send = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      enter(await signIn(name.trim(), password));
    } catch (reason) {
      setError(toError(reason));
      setPassword("");
      setBusy(false);
    }
  };
  return (
    <section class="page">
      <h1>Sign in</h1>
      <form onSubmit={send}>
        <label class="field">
          User name
          <input
            autofocus
            required
            name="username"
            autocomplete="username"
            autocapitalize="none"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        <label class="field">
          Password
          <input
            required
            type="password"
            name="password"
            autocomplete="current-password"
            value={password}
            aria-invalid={error !== null}
            aria-describedby={error ? "sign-in-error" : undefined}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </label>
        {error && (
          <p id="sign-in-error" class="failure" role="alert">
            {error.status === 401 ? "The user name or the password is not right." : error.message}
          </p>
        )}
        <button type="submit" class="primary" disabled={busy || !name.trim() || !password}>
          Sign in
        </button>
      </form>
    </section>
  );
}
