import { useEffect, useLayoutEffect, useRef } from "react";
import type { RowSource } from "./row-source.ts";
import type { TableFrame } from "./table-frame.ts";

/** Keeps what is in view where it is when columns change, and begins at the top when other rows have come. */
export function useScrollKept(
  root: { readonly current: HTMLElement | null },
  frame: TableFrame,
  source: RowSource,
): void {
  const kept = useRef({ left: 0, top: 0, source });
  const scroller = (): Element | null => root.current?.querySelector("[role=group][aria-labelledby=caption]") ?? null;
  useLayoutEffect(() => {
    const restore = (): void => scroller()?.scrollTo(kept.current);
    const { left, top } = kept.current;
    if (left > 0 || top > 0) restore();
    const restoreSoon = (): void => void requestAnimationFrame(restore);
    // Columns are as wide as before when their cells have come.
    if (left > 0) frame.eventTarget.addEventListener("resolve", restoreSoon, { once: true });
    const keep = ({ target }: Event): void => {
      if (target !== scroller()) return;
      const { scrollLeft, scrollTop } = target as Element;
      kept.current = { ...kept.current, left: scrollLeft, top: scrollTop };
    };
    const box = root.current!;
    box.addEventListener("scroll", keep, { capture: true, passive: true });
    return () => {
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
