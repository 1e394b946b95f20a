import { getRun, getSummaries } from "../../api/runs.ts";
import type { Run } from "../../api/types.ts";
import { Failure } from "../../components/failure.tsx";
import { MetricCards } from "../../components/metriccards.tsx";
import { Swatch } from "../../components/swatch.tsx";
import { inTurns } from "../../lib/turns.ts";
import { useLoad, useTicker } from "../../state/load.ts";
import { isGoing } from "../../state/runlist.ts";

async function load(ids: string[], signal: AbortSignal): Promise<{ runs: Run[]; charted: string[] }> {
  const runs = await inTurns(ids, 6, (id) => getRun(id, signal));
  const summaries = (await inTurns(ids, 6, (id) => getSummaries(id, signal))).flat();
  const charted = new Set(summaries.filter((one) => one.count > 1).map((one) => one.key));
  return { runs, charted: [...charted].sort() };
}

/** The metrics of all runs over each other. */
export function ComparedCharts({ ids }: { ids: string[] }) {
  const answer = useLoad(`charts ${ids.join()}`, (signal) => load(ids, signal));
  const runs = answer.data?.runs ?? [];
  const live = runs.some(isGoing);
  useTicker(5, live, answer.reload);
  return (
    <>
      {answer.error && <Failure error={answer.error} onRetry={answer.reload} />}
      {answer.data && (
        <>
          <ul class="heads" aria-label="Runs in the charts">
            {runs.map(({ info }, index) => (
              <li key={info.run_id}>
                <Swatch index={index} /> <a href={`/runs/${info.run_id}`}>{info.run_name || info.run_id}</a>
              </li>
            ))}
          </ul>
          <MetricCards keys={answer.data.charted} runIds={ids} labels={runs.map(({ info }) => info.run_name || info.run_id)} live={live} />
        </>
      )}
    </>
  );
}
