import { ago, fullTime } from "../lib/format.ts";

/** A moment, told from now; the exact time on hover and for machines. */
export function Time(props: { at: number | undefined }) {
  if (!props.at) return <span class="muted">–</span>;
  return (
    <time dateTime={new Date(props.at).toISOString()} title={fullTime(props.at)}>
      {ago(props.at)}
    </time>
  );
}
