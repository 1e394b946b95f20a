import { useMemo } from "preact/hooks";

import { readPackages } from "../api/provenance.ts";
import { getRun, getSummaries } from "../api/runs.ts";
import type { Run } from "../api/types.ts";
import { Failure } from "../components/failure.tsx";
import { MetricCards } from "../components/metriccards.tsx";
import { compareRuns } from "../lib/comparison.ts";
import { plural } from "../lib/format.ts";
import { MOST_COMPARED } from "../lib/limits.ts";
import { inTurns } from "../lib/turns.ts";
import { useLoad, useTicker } from "../state/load.ts";
import { query, setQuery } from "../state/route.ts";
import { isGoing } from "../state/runlist.ts";
import { useTitle } from "../state/title.ts";
import { ComparedTable, RunHeads } from "./compare/table.tsx";
import "../styles/run.css";

interface Compared {
  runs: Run[];
  charted: string[];
}

async function load(ids: string[], signal: AbortSignal): Promise<Compared> {
  const runs = await inTurns(ids, 6, (id) => getRun(id, signal));
  const summaries = (await inTurns(ids, 6, (id) => getSummaries(id, signal))).flat();
  const charted = new Set(summaries.filter((one) => one.count > 1).map((one) => one.key));
  return { runs, charted: [...charted].sort() };
}

export function CompareView() {
  const text = query.value.get("runs") ?? "";
  const ids = useMemo(() => [...new Set(text.split(",").filter(Boolean))].slice(0, MOST_COMPARED), [text]);
  const onlyDiffering = query.value.get("diff") === "1";
  const tab = query.value.get("tab") === "charts" ? "charts" : "table";
  const answer = useLoad(`compare ${ids.join()}`, (signal) => load(ids, signal));
  const runs = answer.data?.runs ?? [];
  const live = runs.some(isGoing);
  useTicker(5, live, answer.reload);
  useTitle(`Compare ${plural(ids.length, "run")}`);
  const packages = useLoad(`packages ${ids.join()}`, (signal) => inTurns(ids, 6, (id) => readPackages(id, signal)));
  const sections = useMemo(() => compareRuns(runs, packages.data ?? [], Date.now()), [answer.data, packages.data]);
  const differing = sections.reduce((sum, one) => sum + one.differing, 0);
  const remove = (id: string) => setQuery({ runs: ids.filter((other) => other !== id).join(",") });

  if (ids.length < 2) {
    return (
      <section class="page">
        <h1>Compare runs</h1>
        <p>
          A comparison needs two runs. Select them in the table of an <a href="/experiments">experiment</a>, then press
          Compare.
        </p>
      </section>
    );
  }
  return (
    <section class="page" aria-busy={answer.loading && !answer.data}>
      <div class="bar">
        <a class="crumb" href="/experiments">
          Experiments
        </a>
        <h1>Compare {plural(ids.length, "run")}</h1>
        {answer.data && <span class="muted">{differing ? plural(differing, "difference") : "no difference"}</span>}
        <div class="spring" />
        <div class="tabs" role="tablist" aria-label="Parts of the comparison">
          {(["table", "charts"] as const).map((one) => (
            <button key={one} id={`tab-${one}`} type="button" role="tab" aria-selected={tab === one} aria-controls="panel" onClick={() => setQuery({ tab: one === "table" ? null : one }, true)}>
              {one === "table" ? "Differences" : "Charts"}
            </button>
          ))}
        </div>
      </div>
      {answer.error && <Failure error={answer.error} onRetry={answer.reload} />}
      {answer.data && (
        <div role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} class="panelled">
          {tab === "table" ? (
            <>
              <label class="check">
                <input type="checkbox" checked={onlyDiffering} onChange={(event) => setQuery({ diff: event.currentTarget.checked ? "1" : null })} />
                Only what differs
              </label>
              <ComparedTable runs={runs} sections={sections} onlyDiffering={onlyDiffering} onRemove={remove} />
            </>
          ) : (
            <>
              <RunHeads runs={runs} />
              <MetricCards keys={answer.data.charted} runIds={ids} labels={runs.map(labelOf)} live={live} />
            </>
          )}
        </div>
      )}
    </section>
  );
}

function labelOf(run: Run): string {
  return run.info.run_name || run.info.run_id;
}
