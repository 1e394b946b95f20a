import type { ComponentChildren } from "preact";

import type { Run, Summary } from "../../api/types.ts";
import { Copyable } from "../../components/copy.tsx";
import { Pairs } from "../../components/pairs.tsx";
import { Time } from "../../components/time.tsx";
import { durationOf, valueOf } from "../../lib/cells.ts";
import { reproduceCommand } from "../../lib/reproduce.ts";
import { isOwnTag } from "../../lib/tags.ts";
import { setQuery } from "../../state/route.ts";
import { contractsOf, Stopped } from "./stopped.tsx";
import { Summaries } from "./summaries.tsx";

export function Overview(props: { run: Run; summaries: Summary[] }) {
  const { run } = props;
  const tags = run.data.tags ?? [];
  const note = valueOf(tags, "mlflow.note.content");
  const command = reproduceCommand(run);
  const own = tags.filter(isOwnTag);
  return (
    <div class="overview">
      <Stopped run={run} />
      <section class="panel facts" aria-label="Facts">
        <dl>
          <Fact name="Run id">
            <Copyable text={run.info.run_id} label="the run's id" />
          </Fact>
          <Fact name="Started">
            <Time at={run.info.start_time} />
          </Fact>
          <Fact name="Duration">{durationOf(run, Date.now()) ?? "–"}</Fact>
          <Fact name="User">{run.info.user_id || valueOf(tags, "mlflow.user") || "–"}</Fact>
          <Fact name="Source">{valueOf(tags, "mlflow.source.name") || "–"}</Fact>
          <Fact name="Commit">
            <Commit run={run} />
          </Fact>
          {contractsOf(run).map((held, index) => (
            <Fact key={index} name="Contract">
              {held.name}: {held.outcome}
            </Fact>
          ))}
          {valueOf(tags, "solvent.contracts.skipped") && (
            <Fact name="Contract">
              <span class="warn">Not looked at: --no-contracts</span>
            </Fact>
          )}
        </dl>
        <div class="reproduce">
          <h2>Reproduce</h2>
          {command ? (
            <Copyable text={command} label="the command" />
          ) : (
            <p class="muted">
              This run was not started as a project. Runs that <code>solvent run</code> starts show here the command that makes
              them again.
            </p>
          )}
        </div>
      </section>
      {note && (
        <section class="panel" aria-label="Note">
          <header>
            <h2>Note</h2>
          </header>
          <p class="note">{note}</p>
        </section>
      )}
      <div class="columns2">
        <Summaries summaries={props.summaries} />
        <Pairs title="Params" pairs={run.data.params ?? []} empty="No params were logged." />
      </div>
      <Pairs title="Tags" pairs={own} empty="No tags of your own. Those of Solvent and MLflow are under Code and Environment." />
    </div>
  );
}

function Fact(props: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Commit(props: { run: Run }) {
  const tags = props.run.data.tags;
  const commit = valueOf(tags, "mlflow.source.git.commit");
  if (!commit) {
    return valueOf(tags, "solvent.code") === "unversioned" ? <span class="warn">Not under version control</span> : <>–</>;
  }
  return (
    <>
      <code title={commit}>{commit.slice(0, 10)}</code>{" "}
      {valueOf(tags, "solvent.git.dirty") === "true" && (
        <button type="button" class="link" onClick={() => setQuery({ tab: "code" }, true)}>
          with uncommitted changes
        </button>
      )}
    </>
  );
}
