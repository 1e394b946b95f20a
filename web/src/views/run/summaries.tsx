import type { Summary } from "../../api/types.ts";
import { LongText } from "../../components/pairs.tsx";
import { exactNumber, formatNumber } from "../../lib/format.ts";

const TITLES = ["Last", "Min", "Max", "Mean", "Points"];

/** Every metric of the run in five numbers. */
export function Summaries(props: { summaries: Summary[] }) {
  const { summaries } = props;
  return (
    <section class="panel" aria-label="Metrics">
      <header>
        <h2>
          Metrics <span class="muted">{summaries.length || ""}</span>
        </h2>
      </header>
      {summaries.length === 0 && <p class="muted">No metrics were logged.</p>}
      {summaries.length > 0 && (
        <div class="wide" tabIndex={0} role="region" aria-label="Metric summaries">
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Metric</th>
                {TITLES.map((title) => (
                  <th key={title} scope="col" class="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {summaries.map((one) => (
                <tr key={one.key}>
                  <th scope="row">
                    <LongText text={one.key} />
                  </th>
                  {[one.last, one.min, one.max, one.mean].map((value, index) => (
                    <td key={index} class="number" title={exactNumber(value)}>
                      {formatNumber(value)}
                    </td>
                  ))}
                  <td class="number muted">{one.count.toLocaleString("en")}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
