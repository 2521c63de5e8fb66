import { useEffect, useMemo, useRef, type RefObject } from "react";

/** Sees to it that a table takes the focus from nobody who is at work elsewhere. */
export interface FocusGuard {
  /** The table may take the focus next, from wherever. */
  letIn(): void;
}

/** What somebody may be at work in: what takes text, and whatever lies above the page. */
const workplaces = "input, textarea, select, [popover] *, dialog *, .row-panel, .row-panel *";

/**
 * HighTable gives the focus to a cell whenever another one is the current one. Where nobody has gone to the table, by the
 * pointer or by the Tab key, it goes back to where it was.
 */
export function useFocusGuard(root: RefObject<HTMLElement | null>): FocusGuard {
  const isLetIn = useRef(true);
  useEffect(() => {
    const leaving = new AbortController();
    const options = { signal: leaving.signal, capture: true };
    const isInside = ({ target }: Event): boolean => root.current?.contains(target as Node) ?? false;
    const press = (event: Event): void => void (isLetIn.current = isInside(event));
    const pressKey = (event: KeyboardEvent): void => void (isLetIn.current = event.key === "Tab" || isInside(event));
    const enter = (event: FocusEvent): void => {
      const from = event.relatedTarget;
      if (isLetIn.current || !isInside(event) || !(from instanceof HTMLElement)) return;
      if (from.isConnected && !root.current!.contains(from) && from.matches(workplaces)) {
        from.focus({ preventScroll: true });
      }
    };
    document.addEventListener("pointerdown", press, options);
    document.addEventListener("keydown", pressKey, options);
    document.addEventListener("focusin", enter, options);
    return () => leaving.abort();
  }, []);
  return useMemo(() => ({ letIn: () => void (isLetIn.current = true) }), []);
}
