import { useEffect, useState } from "preact/hooks";

import { useKeys } from "./keys.ts";

/** The row that the keyboard is on: j and k move it, Enter opens it. It follows its row, not its place. */
export function useCursor<T>(rows: T[], idOf: (row: T) => string, open: (row: T) => void, seen?: (index: number) => void) {
  const [id, setId] = useState<string | null>(null);
  const index = rows.findIndex((row) => idOf(row) === id);
  const move = (step: number) => {
    if (!rows.length) return;
    const next = index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + step));
    setId(idOf(rows[next]!));
    seen?.(next);
  };
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => rows[index] !== undefined && open(rows[index]),
  });
  useEffect(() => {
    if (!seen) document.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [id, seen]);
  return { id, index, move };
}
