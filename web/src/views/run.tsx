import { useEffect } from "preact/hooks";

import { getExperiment } from "../api/experiments.ts";
import { getRun, getSummaries } from "../api/runs.ts";
import type { Run, Summary } from "../api/types.ts";
import { Failure } from "../components/failure.tsx";
import { MetricCards } from "../components/metriccards.tsx";
import { StatusMark } from "../components/status.tsx";
import { Time } from "../components/time.tsx";
import { durationOf, valueOf } from "../lib/cells.ts";
import { useCell } from "../state/cell.ts";
import { useKeys } from "../state/keys.ts";
import { useLoad, useTicker } from "../state/load.ts";
import { query, setQuery } from "../state/route.ts";
import { isGoing } from "../state/runlist.ts";
import { useTitle } from "../state/title.ts";
import { Artifacts } from "./run/artifacts.tsx";
import { Code } from "./run/code.tsx";
import { Data } from "./run/data.tsx";
import { Environment } from "./run/environment.tsx";
import { Overview } from "./run/overview.tsx";
import "../styles/run.css";

const TABS = ["overview", "metrics", "artifacts", "code", "environment", "data"] as const;
type Tab = (typeof TABS)[number];

export function RunView(props: { id: string }) {
  const answer = useLoad(`run ${props.id}`, async (signal) => {
    const [run, summaries] = await Promise.all([getRun(props.id, signal), getSummaries(props.id, signal)]);
    const experiment = await getExperiment(run.info.experiment_id ?? "0", signal);
    return { run, summaries, experiment };
  });
  const run = answer.data?.run;
  const live = run !== undefined && isGoing(run);
  useTicker(5, live, answer.reload);
  const name = run?.info.run_name || props.id;
  useTitle(name);

  const asked = useCell(query).get("tab");
  const tab = TABS.find((one) => one === asked) ?? "overview";
  const open = (next: Tab) => setQuery({ tab: next === "overview" ? null : next, path: null }, true);
  useKeys(Object.fromEntries(TABS.map((one, index) => [String(index + 1), () => open(one)])));
  useEffect(() => document.getElementById(`tab-${tab}`)?.scrollIntoView({ block: "nearest" }), [tab]);

  if (!answer.data || !run) {
    return (
      <section class="page" aria-busy={answer.loading}>
        {answer.error && (
          <>
            <h1>Run {props.id}</h1>
            <Failure error={answer.error} onRetry={answer.reload} />
          </>
        )}
      </section>
    );
  }
  const parent = valueOf(run.data.tags, "mlflow.parentRunId");
  return (
    <section class="page">
      <div class="bar">
        <a class="crumb" href="/experiments">
          Experiments
        </a>
        <a class="crumb" href={`/experiments/${run.info.experiment_id ?? "0"}`}>
          {answer.data.experiment.name}
        </a>
        {parent && (
          <a class="crumb" href={`/runs/${parent}`}>
            Parent run
          </a>
        )}
        <h1>{name}</h1>
        <StatusMark status={run.info.status} />
        {run.info.lifecycle_stage === "deleted" && <span class="warn">In the trash</span>}
        <span class="muted">
          <Time at={run.info.start_time} /> · {durationOf(run, Date.now()) ?? "–"}
        </span>
      </div>
      {answer.error && <Failure error={answer.error} onRetry={answer.reload} />}
      <Tabs tab={tab} onOpen={open} run={run} />
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} class="panelled">
        <Panel tab={tab} run={run} summaries={answer.data.summaries} live={live} />
      </div>
    </section>
  );
}

function Tabs(props: { tab: Tab; onOpen: (tab: Tab) => void; run: Run }) {
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = TABS[(TABS.indexOf(props.tab) + step + TABS.length) % TABS.length]!;
    props.onOpen(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Parts of the run" onKeyDown={move}>
      {TABS.map((one) => (
        <button
          key={one}
          id={`tab-${one}`}
          type="button"
          role="tab"
          aria-selected={props.tab === one}
          aria-controls="panel"
          tabIndex={props.tab === one ? 0 : -1}
          onClick={() => props.onOpen(one)}
        >
          {one[0]!.toUpperCase() + one.slice(1)}
        </button>
      ))}
    </div>
  );
}

function Panel(props: { tab: Tab; run: Run; summaries: Summary[]; live: boolean }) {
  const { run } = props;
  switch (props.tab) {
    case "overview":
      return <Overview run={run} summaries={props.summaries} />;
    case "metrics":
      return (
        <MetricCards
          keys={charted(props.summaries)}
          runIds={[run.info.run_id]}
          labels={[run.info.run_name || run.info.run_id]}
          live={props.live}
        />
      );
    case "artifacts":
      return <Artifacts runId={run.info.run_id} />;
    case "code":
      return <Code run={run} />;
    case "environment":
      return <Environment run={run} />;
    case "data":
      return <Data run={run} />;
  }
}

/** Metrics with a history, those of the system last. */
function charted(summaries: Summary[]): string[] {
  const keys = summaries.filter((summary) => summary.count > 1).map((summary) => summary.key);
  const isSystem = (key: string) => key.startsWith("system/");
  return [...keys.filter((key) => !isSystem(key)), ...keys.filter(isSystem)];
}
