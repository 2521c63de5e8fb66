import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";
import type { RowSource } from "./row-source.ts";
import type { TableFrame } from "./table-frame.ts";

interface Scrolled {
  readonly root: RefObject<HTMLElement | null>;
  readonly frame: TableFrame;
  readonly source: RowSource;
  /** Told a row that was in view, where how far the table is scrolled does not tell which rows are. */
  onScaled(row: number): void;
}

/** Rows from which on HighTable moves by less than their height for each of them: its rows have 33 pixels, of 8 million. */
export const scaledRowsMin = 240_000;

/** Keeps what is in view where it is when columns change, and begins at the top when other rows have come. */
export function useScrollKept({ root, frame, source, onScaled }: Scrolled): void {
  const kept = useRef({ left: 0, top: 0, frame, source });
  const scroller = (): Element | null => root.current?.querySelector("[role=group][aria-labelledby=caption]") ?? null;
  useLayoutEffect(() => {
    const { left, top, frame: before } = kept.current;
    const leaving = new AbortController();
    const restore = (): void => void (leaving.signal.aborted || scroller()?.scrollTo({ left, top }));
    const restoreSoon = (): void => void requestAnimationFrame(restore);
    const box = root.current!;
    if (before !== frame && (left > 0 || top > 0)) {
      restore();
      // The table is as high, and as wide, as before when it has been laid out, and when its cells have come.
      requestAnimationFrame(restoreSoon);
      frame.eventTarget.addEventListener("resolve", restoreSoon, { once: true });
      // Whoever goes on meanwhile is not taken back.
      for (const event of ["wheel", "pointerdown", "touchmove", "keydown"]) {
        box.addEventListener(event, () => leaving.abort(), { capture: true, passive: true, signal: leaving.signal });
      }
      const { rowStart, rowEnd } = before.range;
      if (source.rowCount > scaledRowsMin && rowStart > 0) onScaled(Math.floor((rowStart + rowEnd) / 2));
    }
    kept.current = { ...kept.current, frame };
    const keep = ({ target }: Event): void => {
      if (target !== scroller()) return;
      const { scrollLeft, scrollTop } = target as Element;
      kept.current = { ...kept.current, left: scrollLeft, top: scrollTop };
    };
    box.addEventListener("scroll", keep, { capture: true, passive: true });
    return () => {
      leaving.abort();
      frame.eventTarget.removeEventListener("resolve", restoreSoon);
      box.removeEventListener("scroll", keep, { capture: true });
    };
  }, [frame]);
  useEffect(() => {
    if (kept.current.source === source) return;
    kept.current = { ...kept.current, top: 0, source };
    scroller()?.scrollTo({ top: 0 });
  }, [source]);
}
