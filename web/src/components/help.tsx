import { Dialog } from "./dialog.tsx";

const KEYS: [string, string][] = [
  ["/", "Type a query"],
  ["j  k", "Next, previous row"],
  ["Enter", "Open the row"],
  ["x", "Select the row to compare"],
  ["c", "Compare what is selected"],
  ["1 … 6", "Tabs of a run"],
  ["g", "All experiments"],
  ["?", "This help"],
  ["Esc", "Leave the query, close a dialog"],
];

const QUERIES: [string, string][] = [
  ["metrics.accuracy > 0.9", "the latest value of a metric"],
  ["params.alpha = '0.5'", "params are texts"],
  ["tags.team = 'vision' OR NOT status = 'FAILED'", "AND, OR, NOT and parentheses"],
  ["run_name LIKE 'base%'", "% stands for any text; ILIKE ignores case"],
  ["metrics.`val loss` <= 0.2", "a name with other signs goes between backticks"],
  ["attributes.status IN ('RUNNING', 'FAILED')", "one of several"],
];

export function Help(props: { onClose: () => void }) {
  return (
    <Dialog title="Keys and query language" onClose={props.onClose}>
      <h3>Keys</h3>
      <dl class="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>Queries</h3>
      <dl class="queries">
        {QUERIES.map(([query, what]) => (
          <div key={query}>
            <dt>
              <code>{query}</code>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
