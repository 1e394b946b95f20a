/** Three lines that log a first run, into the named experiment. */
export function FirstRun(props: { experiment?: string }) {
  const lines = [
    `import solvent; solvent.set_tracking_uri("${location.origin}")`,
    `solvent.set_experiment(${JSON.stringify(props.experiment ?? "first-steps")})`,
    'with solvent.start_run(): solvent.log_param("alpha", 0.5); solvent.log_metric("loss", 0.25)',
  ];
  return (
    <figure class="firstrun">
      <figcaption>Three lines log a first run:</figcaption>
      <pre tabIndex={0}>{lines.join("\n")}</pre>
      <p class="muted">
        Code that imports <code>mlflow</code> works unchanged with its tracking URI set to <code>{location.origin}</code>.
      </p>
    </figure>
  );
}
