// Keys of the keyboard, held by whichever view is open.
import { useEffect, useRef } from "preact/hooks";

type Act = (event: KeyboardEvent) => void;

const stack: Map<string, Act>[] = [];

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog")) return true;
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName) || isTextInput(target);
}

function isTextInput(target: HTMLElement): boolean {
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    const onControl = event.target instanceof Element && event.target.closest("a, button, summary, input") !== null;
    if (onControl && (event.key === "Enter" || event.key === " ")) return; // the control's own key
    for (let index = stack.length - 1; index >= 0; index--) {
      const act = stack[index]?.get(event.key);
      if (!act) continue;
      event.preventDefault();
      act(event);
      return;
    }
  });
}

/** These keys act while the calling component is shown. */
export function useKeys(acts: Record<string, Act>): void {
  const latest = useRef(acts);
  latest.current = acts;
  const names = Object.keys(acts).join(" ");
  useEffect(() => {
    const layer = new Map(Object.keys(latest.current).map((key) => [key, (event) => latest.current[key]?.(event)] as [string, Act]));
    stack.push(layer);
    return () => void stack.splice(stack.indexOf(layer), 1);
  }, [names]);
}
