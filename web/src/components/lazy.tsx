import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";

import { type ApiError, toError } from "../api/client.ts";
import { Failure } from "./failure.tsx";

/** A component whose code is fetched when it is first shown. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [, setReady] = useState(loaded !== null);
    const [error, setError] = useState<ApiError | null>(null);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setReady(true);
        },
        (reason: unknown) => setError(toError(reason)),
      );
    }, []);
    if (error) return <Failure error={error} onRetry={() => location.reload()} />;
    return loaded ? h(loaded, props) : <section class="page" aria-busy="true" />;
  };
}
