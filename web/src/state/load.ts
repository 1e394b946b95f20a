import { useCallback, useEffect, useRef, useState } from "preact/hooks";

import { type ApiError, isAbort, toError } from "../api/client.ts";

export interface Loaded<T> {
  data: T | null;
  error: ApiError | null;
  loading: boolean;
  /** Asks again; what is shown stays until the answer is there. */
  reload: () => void;
}

interface State<T> {
  key: string;
  data: T | null;
  error: ApiError | null;
  loading: boolean;
}

/** What ``ask`` answers for ``key``; an answer to an older key is never shown. */
export function useLoad<T>(key: string, ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<State<T>>({ key, data: null, error: null, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;

  useEffect(() => {
    const control = new AbortController();
    setState((old) => (old.key === key ? { ...old, loading: true } : { key, data: null, error: null, loading: true }));
    latest.current(control.signal).then(
      (data) => !control.signal.aborted && setState({ key, data, error: null, loading: false }),
      (reason: unknown) => {
        if (control.signal.aborted || isAbort(reason)) return;
        setState((old) => ({ ...old, error: toError(reason), loading: false }));
      },
    );
    return () => control.abort();
  }, [key, turn]);

  const reload = useCallback(() => setTurn((value) => value + 1), []);
  return state.key === key ? { ...state, reload } : { data: null, error: null, loading: true, reload };
}

/** Calls ``tick`` every ``seconds`` while ``active`` and while somebody looks at the page. */
export function useTicker(seconds: number, active: boolean, tick: () => void): void {
  const latest = useRef(tick);
  latest.current = tick;
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => !document.hidden && latest.current(), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds, active]);
}
