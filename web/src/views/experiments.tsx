import { useEffect, useState } from "preact/hooks";

import { searchExperiments } from "../api/experiments.ts";
import type { Experiment } from "../api/types.ts";
import { Failure } from "../components/failure.tsx";
import { FirstRun } from "../components/firstrun.tsx";
import { NewExperiment } from "../components/newexperiment.tsx";
import { Search } from "../components/search.tsx";
import { Time } from "../components/time.tsx";
import { plural } from "../lib/format.ts";
import { useCell } from "../state/cell.ts";
import { useCursor } from "../state/cursor.ts";
import { useLoad, useTicker } from "../state/load.ts";
import { go, query, setQuery } from "../state/route.ts";
import { useTitle } from "../state/title.ts";

/** All pages of the list, up to a bound that a person can still read. */
async function askAll(name: string, pages: number, signal: AbortSignal) {
  const experiments: Experiment[] = [];
  let next: string | undefined;
  for (let page = 0; page < pages; page++) {
    const answer = await searchExperiments(name, next, signal);
    experiments.push(...answer.experiments);
    next = answer.next;
    if (!next) break;
  }
  return { experiments, more: next !== undefined };
}

export function ExperimentsView() {
  useTitle("Experiments");
  const name = useCell(query).get("q") ?? "";
  const [pages, setPages] = useState(1);
  const [creating, setCreating] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const list = useLoad(`experiments ${name} ${pages}`, (signal) => askAll(name, pages, signal));
  const experiments = list.data?.experiments ?? [];
  const cursor = useCursor(experiments, (row) => row.experiment_id, (row) => go(`/experiments/${row.experiment_id}`));
  useTicker(15, true, list.reload);
  useEffect(() => setPages(1), [name]);

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  return (
    <section class="page">
      <div class="bar">
        <h1>Experiments</h1>
        <Search label="Filter experiments by name" placeholder="Filter by name" value={name} onInput={(typed) => setQuery({ q: typed })} />
        <span class="muted" role="status">
          {list.data ? plural(experiments.length, "experiment") : "Loading …"}
          {list.data?.more ? " shown" : ""}
        </span>
        <div class="spring" />
        {chosen.size > 1 && (
          <a class="button" href={`/experiments/${[...chosen].join(",")}`}>
            Open {chosen.size} together
          </a>
        )}
        <button type="button" class="primary" onClick={() => setCreating(true)}>
          New experiment
        </button>
      </div>
      {list.error && <Failure error={list.error} onRetry={list.reload} />}
      {experiments.length > 0 && (
        <div class="scroll" tabIndex={0} role="region" aria-label="Experiments">
          <table class="list">
            <thead>
              <tr>
                <th scope="col" class="narrow">
                  <span class="hidden">Selected</span>
                </th>
                <th scope="col">Name</th>
                <th scope="col">Id</th>
                <th scope="col">Last change</th>
                <th scope="col">Created</th>
                <th scope="col">Tags</th>
              </tr>
            </thead>
            <tbody>
              {experiments.map((row) => (
                <ExperimentRow
                  key={row.experiment_id}
                  row={row}
                  active={cursor.id === row.experiment_id}
                  chosen={chosen.has(row.experiment_id)}
                  onToggle={() => toggle(row.experiment_id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.data?.more && (
        <button type="button" onClick={() => setPages(pages + 1)}>
          Show more
        </button>
      )}
      {list.data && experiments.length === 0 && (name ? <p>No experiment's name holds “{name}”.</p> : <FirstRun />)}
      {list.data && experiments.length === 1 && !name && <FirstRun />}
      {creating && <NewExperiment onClose={() => setCreating(false)} />}
    </section>
  );
}

function ExperimentRow(props: { row: Experiment; active: boolean; chosen: boolean; onToggle: () => void }) {
  const { row } = props;
  const tags = (row.tags ?? []).filter((tag) => !tag.key?.startsWith("mlflow."));
  return (
    <tr data-active={props.active || undefined}>
      <td class="narrow">
        <input type="checkbox" aria-label={`Select ${row.name}`} checked={props.chosen} onChange={props.onToggle} />
      </td>
      <th scope="row">
        <a href={`/experiments/${row.experiment_id}`}>{row.name}</a>
      </th>
      <td class="muted">{row.experiment_id}</td>
      <td>
        <Time at={row.last_update_time} />
      </td>
      <td>
        <Time at={row.creation_time} />
      </td>
      <td class="clip">
        {tags.map((tag) => (
          <span class="tag" key={tag.key}>
            {tag.key}: {tag.value}
          </span>
        ))}
      </td>
    </tr>
  );
}
