import { parseCsv } from "../lib/csv.ts";

const MOST_RECORDS = 500;

/** The first records of a CSV text as a table; its first line names the columns. */
export function Records(props: { text: string; delimiter: string }) {
  const [titles = [], ...records] = parseCsv(props.text, props.delimiter, MOST_RECORDS + 1);
  return (
    <>
      {records.length === MOST_RECORDS && <p class="muted">The first {MOST_RECORDS} records.</p>}
      <div class="wide" tabIndex={0} role="region" aria-label="Records">
        <table class="list">
          <thead>
            <tr>
              {titles.map((title, index) => (
                <th key={index} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {records.map((record, row) => (
              <tr key={row}>
                {record.map((field, index) => (
                  <td key={index}>{field}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
