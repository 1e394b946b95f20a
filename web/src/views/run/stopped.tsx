import { readReports } from "../../api/provenance.ts";
import type { Run, Status } from "../../api/types.ts";
import { Failure } from "../../components/failure.tsx";
import { LongText } from "../../components/pairs.tsx";
import { valueOf } from "../../lib/cells.ts";
import { type Broken, type Held, heldOf, type Report } from "../../lib/contracts.ts";
import { plural } from "../../lib/format.ts";
import { useLoad } from "../../state/load.ts";

const MOST = 200; // rules in a table

/** The contracts that the run's data was held against, as its tag says. */
export function contractsOf(run: Run): Held[] {
  return heldOf(valueOf(run.data.tags, "solvent.contracts") ?? "");
}

/** Why a run failed, and the rules that its data broke. Nothing, if all went well. */
export function Stopped({ run }: { run: Run }) {
  const { status } = run.info;
  const over = status === "FAILED" || status === "KILLED"; // what was kept of an earlier try is no news of a later one
  const failure = over && valueOf(run.data.tags, "solvent.failure");
  const code = over && valueOf(run.data.tags, "solvent.exit_code");
  const ended = code && code !== "0";
  const broken = contractsOf(run).filter(({ outcome }) => outcome !== "passed");
  if (!failure && !ended && !broken.length) return null;
  const title = failure || ended ? "Why it failed" : "Broken rules";
  return (
    <section class={over ? "panel stopped" : "panel"} aria-label={title}>
      <header>
        <h2>{title}</h2>
      </header>
      {failure && (
        <p class="note">
          <LongText text={failure} />
        </p>
      )}
      {ended && (
        <p class="muted">
          The command ended with code {code}. What it printed: <code>solvent runs logs {run.info.run_id}</code>
        </p>
      )}
      {broken.length > 0 && <Reports runId={run.info.run_id} status={status} />}
    </section>
  );
}

/** They are written before the run ends, and after its tag. */
function Reports({ runId, status }: { runId: string; status: Status | undefined }) {
  const answer = useLoad(`reports ${runId} ${status}`, (signal) => readReports(runId, signal));
  if (answer.error) return <Failure error={answer.error} onRetry={answer.reload} />;
  if (answer.loading && !answer.data) return <p aria-busy="true" />;
  const found = (answer.data ?? []).filter((report) => report.broken.length);
  return (
    <>
      {found.map((report, index) => (
        <Rules key={index} report={report} />
      ))}
      {(found.length > 0 || !answer.data) && (
        <p>
          <a href={`/runs/${runId}?tab=artifacts&path=solvent%2Fcontracts.md`}>The whole report</a>
        </p>
      )}
    </>
  );
}

function Rules({ report }: { report: Report }) {
  const { broken } = report;
  const errors = broken.filter(({ severity }) => severity === "error").length;
  const others = broken.length - errors;
  const counts = [errors && plural(errors, "error"), others && plural(others, "warning")].filter(Boolean).join(", ");
  return (
    <>
      <h3>
        {report.data}, {plural(report.rows, "row")}, held against {report.contract}: {counts}
      </h3>
      <div class="wide" tabIndex={0} role="region" aria-label={`Broken rules of ${report.data}`}>
        <table class="list rules">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Rule</th>
              <th scope="col" class="number">Rows</th>
              <th scope="col">What was found</th>
              <th scope="col">Example rows, from 0</th>
            </tr>
          </thead>
          <tbody>
            {broken.slice(0, MOST).map((one, index) => (
              <Rule key={index} one={one} />
            ))}
          </tbody>
        </table>
      </div>
      {broken.length > MOST && <p class="muted">… and {broken.length - MOST} more.</p>}
    </>
  );
}

function Rule({ one }: { one: Broken }) {
  return (
    <tr>
      <th scope="row">{one.column || "–"}</th>
      <td>
        {one.rule} {one.severity !== "error" && <span class="tag">{one.severity}</span>}
        {!one.checked && <span class="tag">not checked</span>}
      </td>
      <td class="number">{one.rows?.toLocaleString("en") ?? "–"}</td>
      <td>{one.reason}</td>
      <td>
        {one.examples.map(({ row, values }) => (
          <div key={row}>
            <span class="muted">row {row}:</span> {values.map(([name, value]) => (values.length > 1 ? `${name} ${value}` : value)).join(", ")}
          </div>
        ))}
      </td>
    </tr>
  );
}
