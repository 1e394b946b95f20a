// A value that views follow: whoever reads it by useCell is drawn anew when it becomes another one.
import { useLayoutEffect, useState } from "preact/hooks";

export class Cell<T> {
  private readonly readers = new Set<() => void>();
  private now: T;

  constructor(value: T) {
    this.now = value;
  }

  get value(): T {
    return this.now;
  }

  set value(next: T) {
    if (Object.is(next, this.now)) return;
    this.now = next;
    for (const tell of [...this.readers]) tell();
  }

  /** Calls ``tell`` after every change, until what is returned is called. */
  follow(tell: () => void): () => void {
    this.readers.add(tell);
    return () => void this.readers.delete(tell);
  }
}

/** The value of a cell, followed while the calling component is shown. */
export function useCell<T>(cell: Cell<T>): T {
  const [, draw] = useState({});
  const { value } = cell;
  useLayoutEffect(() => {
    if (cell.value !== value) draw({}); // it changed before it was followed
    return cell.follow(() => draw({}));
  }, [cell]);
  return value;
}
