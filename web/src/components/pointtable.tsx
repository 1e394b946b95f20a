import type { Slice } from "../api/types.ts";
import { exactNumber, fullTime } from "../lib/format.ts";

const MOST_ROWS = 2000;

/** The points of a chart as a table, with all their digits. */
export function PointTable(props: { slices: Slice[]; labels: string[]; runIds: string[] }) {
  const several = props.runIds.length > 1;
  let rows = 0;
  return (
    <div class="points" tabIndex={0} role="region" aria-label="Points">
      <table class="list">
        <thead>
          <tr>
            {several && <th scope="col">Run</th>}
            <th scope="col" class="number">
              Step
            </th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col">Time</th>
          </tr>
        </thead>
        <tbody>
          {props.slices.map((slice) =>
            slice.values.map((value, index) => {
              if (++rows > MOST_ROWS) return null;
              return (
                <tr key={`${slice.run_id} ${index}`}>
                  {several && <td>{props.labels[props.runIds.indexOf(slice.run_id)]}</td>}
                  <td class="number">{slice.steps[index]}</td>
                  <td class="number">{exactNumber(value)}</td>
                  <td>{fullTime(slice.times[index])}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </div>
  );
}
