const MARKS: Record<string, [string, string, string]> = {
  FINISHED: ["good", "✓", "Finished"],
  RUNNING: ["run", "●", "Running"],
  SCHEDULED: ["muted", "○", "Scheduled"],
  FAILED: ["bad", "✕", "Failed"],
  KILLED: ["warn", "■", "Killed"],
};

export function StatusMark(props: { status: string | undefined }) {
  const [tone, sign, title] = MARKS[props.status ?? ""] ?? ["muted", "?", props.status ?? "Unknown"];
  return (
    <span class={`status ${tone}`}>
      <span aria-hidden="true">{sign}</span> {title}
    </span>
  );
}
