// Where a data set came from: JSON that MLflow's clients write, each kind of source its own.
import { isFields, parsed } from "./json.ts";

/** A source as people read it: its address alone, or names and values; ``href`` if a browser can open it. */
export function sourceOf(text: string): { text: string; href: string | null } {
  const found = parsed(text);
  const shown = isFields(found) ? told(pairsOf(found)) : text;
  return { text: shown, href: /^https?:\/\/[^\s]+$/.test(shown) ? shown : null };
}

function told(pairs: [string, string][]): string {
  return pairs.length === 1 ? pairs[0]![1] : pairs.map(([name, value]) => `${name}: ${value}`).join(", ");
}

/** What is said in it, without what is empty; a list of names and values within counts as its own. */
function pairsOf(fields: object): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]: [string, unknown]): [string, string][] => {
    if (value === null || value === "") return [];
    if (isFields(value)) return pairsOf(value);
    return [[name, typeof value === "string" ? value : JSON.stringify(value)]];
  });
}
