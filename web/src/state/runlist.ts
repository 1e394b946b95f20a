// The runs of a question, page by page, as one list.
import { type ApiError, isAbort, toError } from "../api/client.ts";
import { countRuns, type Question, searchRuns } from "../api/runs.ts";
import type { Run } from "../api/types.ts";
import { Cell } from "./cell.ts";

const PAGE = 200;
const LARGEST_PAGE = 2000;

export class RunList {
  readonly rows = new Cell<Run[]>([]);
  readonly total = new Cell<number | null>(null);
  readonly error = new Cell<ApiError | null>(null);
  readonly loading = new Cell(true);

  private question: Question | null = null;
  private token: string | undefined;
  private control = new AbortController();
  private busy = false;

  /** Asks anew. Until the answer is there, and if it is an error, the old rows stay. */
  async ask(question: Question, keep: number): Promise<void> {
    this.control.abort();
    const control = new AbortController();
    this.control = control;
    this.question = question;
    this.busy = true;
    this.loading.value = true;
    try {
      const size = Math.min(LARGEST_PAGE, Math.max(PAGE, keep));
      const [page, total] = await Promise.all([
        searchRuns(question, size, undefined, control.signal),
        countRuns(question, control.signal),
      ]);
      this.token = page.next;
      this.rows.value = page.runs;
      this.total.value = total;
      this.error.value = null;
      this.loading.value = false;
    } catch (reason) {
      if (control.signal.aborted || isAbort(reason)) return;
      this.error.value = toError(reason);
      this.loading.value = false;
    } finally {
      if (this.control === control) this.busy = false;
    }
  }

  /** The next page, if there is one and nothing is on its way. */
  async next(): Promise<void> {
    if (!this.question || !this.token || this.busy) return;
    const control = this.control;
    this.busy = true;
    try {
      const page = await searchRuns(this.question, PAGE * 2, this.token, control.signal);
      this.token = page.next;
      this.rows.value = without(this.rows.value, page.runs).concat(page.runs);
    } catch (reason) {
      if (!control.signal.aborted && !isAbort(reason)) this.error.value = toError(reason);
    } finally {
      if (this.control === control) this.busy = false;
    }
  }

  /**
   * Brings the head of the list and the runs that are still going up to date.
   * Returns how many rows came in before ``anchor`` (a run's id), so that the reader's place can be kept.
   */
  async refresh(anchor: string | undefined): Promise<number> {
    if (!this.question || this.busy) return 0;
    const { question, control } = this;
    this.busy = true;
    try {
      const going = this.rows.value.slice(PAGE).filter(isGoing).slice(0, PAGE).map((run) => run.info.run_id);
      const [head, total, tail] = await Promise.all([
        searchRuns(question, PAGE, undefined, control.signal),
        countRuns(question, control.signal),
        going.length ? searchRuns(among(question, going), PAGE, undefined, control.signal) : null,
      ]);
      if (control.signal.aborted) return 0;
      const place = this.placeOf(anchor);
      this.total.value = total;
      this.error.value = null;
      this.merge(head.runs, head.next, tail?.runs ?? []);
      return place < 0 ? 0 : Math.max(0, this.placeOf(anchor) - place);
    } catch {
      return 0; // the next refresh may succeed; what is shown stays true to when it was asked
    } finally {
      if (this.control === control) this.busy = false;
    }
  }

  private merge(head: Run[], next: string | undefined, changed: Run[]): void {
    const old = this.rows.value;
    if (next === undefined || old.length <= PAGE) {
      this.rows.value = head;
      this.token = next;
      return;
    }
    const fresh = new Map(changed.map((run) => [run.info.run_id, run]));
    const rest = without(old.slice(this.overlap(head)), head);
    this.rows.value = head.concat(rest.map((run) => fresh.get(run.info.run_id) ?? run));
  }

  /** Where the old list goes on after the new head. */
  private overlap(head: Run[]): number {
    const last = head.at(-1)?.info.run_id;
    return this.placeOf(last) + 1 || PAGE;
  }

  private placeOf(id: string | undefined): number {
    return id === undefined ? -1 : this.rows.value.findIndex((run) => run.info.run_id === id);
  }
}

export function isGoing(run: Run): boolean {
  return run.info.status === "RUNNING" || run.info.status === "SCHEDULED";
}

function without(runs: Run[], others: Run[]): Run[] {
  const ids = new Set(others.map((run) => run.info.run_id));
  return runs.filter((run) => !ids.has(run.info.run_id));
}

function among(question: Question, ids: string[]): Question {
  const list = ids.map((id) => `'${id}'`).join(", ");
  return { ...question, filter: `attributes.run_id IN (${list})` };
}
