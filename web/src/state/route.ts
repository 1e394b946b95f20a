// The address is the state: every view reads it, and changes it instead of keeping state of its own.
import { Cell } from "./cell.ts";

export const path = new Cell(location.pathname);
export const query = new Cell(new URLSearchParams(location.search));

function sync(): void {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
}

/** Opens another view (or, with ``replace``, corrects the address of this one). */
export function go(url: string, replace = false): void {
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  sync();
}

/** Changes some of the query's values; null or an empty text removes one. ``push`` makes a step for "back". */
export function setQuery(patch: Record<string, string | null>, push = false): void {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(patch)) {
    if (value) url.searchParams.set(key, value);
    else url.searchParams.delete(key);
  }
  if (url.href !== location.href) go(url.href, !push);
}

/** Follows links inside the page without loading it again. */
export function followLinks(): void {
  addEventListener("popstate", sync);
  addEventListener("hashchange", readClientLink);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !link.href || link.target || link.hasAttribute("download")) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || link.dataset.plain !== undefined) return;
    event.preventDefault();
    go(url.href);
  });
  readClientLink();
}

/** MLflow's clients print addresses like ``#/experiments/1/runs/abc``: they lead to the same things here. */
function readClientLink(): void {
  const run = /^#\/experiments\/[^/]+\/runs\/([\w-]+)/.exec(location.hash);
  const experiment = /^#\/experiments\/(\d+)/.exec(location.hash);
  if (run) go(`/runs/${run[1]}`, true);
  else if (experiment) go(`/experiments/${experiment[1]}`, true);
}
