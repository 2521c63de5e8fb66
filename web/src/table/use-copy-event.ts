import { useEffect, useRef, type RefObject } from "react";
import { cellAt, rowNumberAt } from "./grid-place.ts";

/**
 * Calls back when cells are to be copied: when the browser's own command to copy comes while one of them, or a row number,
 * has the focus. Firefox has it happen to the body, as the text of cells cannot be selected.
 */
export function useCopyEvent(root: RefObject<HTMLElement | null>, onCopy: () => void): void {
  const latest = useRef(onCopy);
  latest.current = onCopy;
  useEffect(() => {
    const copy = (event: Event): void => {
      const focused = document.activeElement;
      if (document.getSelection()?.isCollapsed === false || !root.current!.contains(focused)) return;
      if (cellAt(focused!) === undefined && rowNumberAt(focused!) === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current();
    };
    document.addEventListener("copy", copy, { capture: true });
    return () => document.removeEventListener("copy", copy, { capture: true });
  }, []);
}
