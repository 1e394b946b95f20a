import type { ApiError } from "../api/client.ts";

/** An error in place of what could not be shown. */
export function Failure(props: { error: ApiError; onRetry?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>{props.error.message}</p>
      {props.onRetry && (
        <button type="button" onClick={props.onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
