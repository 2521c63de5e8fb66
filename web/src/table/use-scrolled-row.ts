import { useEffect, useRef, type RefObject } from "react";
import { rowNumberAt } from "./grid-place.ts";

/** How long a table lies still before it has been scrolled to a place, in milliseconds. */
const restMs = 150;

/**
 * Tells which row is looked at once the table has been scrolled: the current one where it is in view, or else the first
 * in view.
 */
export function useScrolledRow(
  root: RefObject<HTMLElement | null>,
  current: number,
  onRow: (row: number) => void,
): void {
  const latest = useRef({ current, onRow });
  latest.current = { current, onRow };
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      const rows = rowsInView(root.current!);
      const first = rows[0];
      if (first !== undefined)
        latest.current.onRow(rows.includes(latest.current.current) ? latest.current.current : first);
    };
    const scroll = (): void => {
      clearTimeout(timer);
      timer = setTimeout(look, restMs);
    };
    const box = root.current!;
    box.addEventListener("scroll", scroll, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      box.removeEventListener("scroll", scroll, { capture: true });
    };
  }, []);
}

/** The rows of which more than half can be seen, from 0. */
function rowsInView(root: HTMLElement): number[] {
  const top = root.querySelector("thead")?.getBoundingClientRect().bottom ?? 0;
  const { bottom } = root.getBoundingClientRect();
  return [...root.querySelectorAll("[role=rowheader][data-rownumber]")]
    .filter((header) => {
      const box = header.getBoundingClientRect();
      const middle = (box.top + box.bottom) / 2;
      return middle > top && middle < bottom;
    })
    .map((header) => rowNumberAt(header)!);
}
