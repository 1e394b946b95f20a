import { useState } from "preact/hooks";

import { readPackages } from "../../api/provenance.ts";
import type { Run } from "../../api/types.ts";
import { Failure } from "../../components/failure.tsx";
import { Pairs } from "../../components/pairs.tsx";
import { isEnvironmentTag } from "../../lib/tags.ts";
import { useLoad } from "../../state/load.ts";

/** Where the code ran: Python, its packages, the host. */
export function Environment(props: { run: Run }) {
  const { run } = props;
  const [text, setText] = useState("");
  const packages = useLoad(`packages ${run.info.run_id}`, (signal) => readPackages(run.info.run_id, signal));
  const all = packages.data ?? [];
  const found = all.filter((line) => line.toLowerCase().includes(text.toLowerCase()));
  return (
    <div class="overview">
      <Pairs
        title="Environment"
        pairs={(run.data.tags ?? []).filter(isEnvironmentTag)}
        empty="Nothing was recorded about where this run ran."
      />
      <section class="panel" aria-label="Packages">
        <header>
          <h2>
            Packages <span class="muted">{all.length || ""}</span>
          </h2>
          {all.length > 12 && (
            <input
              type="search"
              aria-label="Filter packages"
              placeholder="Filter"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
          )}
        </header>
        {packages.error && <Failure error={packages.error} onRetry={packages.reload} />}
        {packages.data?.length === 0 && <p class="muted">No packages were recorded.</p>}
        <ul class="packages mono">
          {found.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </section>
    </div>
  );
}
