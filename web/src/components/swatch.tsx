/** The colour of a run's lines in charts, by the run's number. */
export function Swatch(props: { index: number }) {
  return <span class="swatch" aria-hidden="true" style={{ background: `var(--series-${(props.index % 10) + 1})` }} />;
}
