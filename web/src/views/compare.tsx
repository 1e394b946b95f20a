import { useMemo } from "preact/hooks";

import { plural } from "../lib/format.ts";
import { MOST_COMPARED } from "../lib/limits.ts";
import { useCell } from "../state/cell.ts";
import { query, setQuery } from "../state/route.ts";
import { useTitle } from "../state/title.ts";
import { ComparedCharts } from "./compare/charts.tsx";
import { Differences } from "./compare/differences.tsx";
import "../styles/run.css";

export function CompareView() {
  const state = useCell(query);
  const text = state.get("runs") ?? "";
  const ids = useMemo(() => [...new Set(text.split(",").filter(Boolean))].slice(0, MOST_COMPARED), [text]);
  const tab = state.get("tab") === "charts" ? "charts" : "table";
  useTitle(`Compare ${plural(ids.length, "run")}`);

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
    <section class="page">
      <div class="bar">
        <a class="crumb" href="/experiments">
          Experiments
        </a>
        <h1>Compare {plural(ids.length, "run")}</h1>
        <div class="spring" />
        <div class="tabs" role="tablist" aria-label="Parts of the comparison">
          {(["table", "charts"] as const).map((one) => (
            <button key={one} id={`tab-${one}`} type="button" role="tab" aria-selected={tab === one} aria-controls="panel" onClick={() => setQuery({ tab: one === "table" ? null : one }, true)}>
              {one === "table" ? "Differences" : "Charts"}
            </button>
          ))}
        </div>
      </div>
      <div role="tabpanel" id="panel" aria-labelledby={`tab-${tab}`} class="panelled">
        {tab === "table" ? <Differences ids={ids} /> : <ComparedCharts ids={ids} />}
      </div>
    </section>
  );
}
