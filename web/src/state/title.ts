import { useEffect } from "preact/hooks";

/** The title of the browser's tab while the calling view is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title ? `${title} · Solvent` : "Solvent";
  }, [title]);
}
