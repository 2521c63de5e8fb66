import { useEffect, useRef, useState, type RefObject } from "react";

/** Which rows of a long list are drawn: start inclusive, end exclusive. */
export interface RowWindow {
  readonly start: number;
  readonly end: number;
}

/** Rows beyond those that can be seen, so that scrolling meets drawn ones. */
const marginRowCount = 20;

/** Which of the rows, all of one height, are seen in a box that has been scrolled; pure. */
export function windowOf(
  box: { scrollTop: number; clientHeight: number },
  rowHeight: number,
  count: number,
): RowWindow {
  const first = Math.floor(box.scrollTop / rowHeight);
  const last = Math.ceil((box.scrollTop + box.clientHeight) / rowHeight);
  return { start: Math.max(0, Math.min(count, first - marginRowCount)), end: Math.min(count, last + marginRowCount) };
}

/** Follows which rows of a scrolled box are to be drawn. */
export function useWindow(rowHeight: number, count: number): { box: RefObject<HTMLDivElement | null> } & RowWindow {
  const box = useRef<HTMLDivElement>(null);
  const [scrolled, setScrolled] = useState({ scrollTop: 0, clientHeight: 1000 });
  useEffect(() => {
    const element = box.current!;
    const look = (): void => setScrolled({ scrollTop: element.scrollTop, clientHeight: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  return { box, ...windowOf(scrolled, rowHeight, count) };
}
