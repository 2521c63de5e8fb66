import { useEffect, type RefObject } from "react";

/** Has the first columns stay in view while others are scrolled: their places are set as CSS variables of the table. */
export function usePinned(root: RefObject<HTMLElement | null>, pinnedCount: number, names: readonly string[]): void {
  useEffect(() => {
    const table = root.current!;
    const place = (): void => {
      const titles = [...table.querySelectorAll<HTMLElement>("thead tr > *")].slice(0, pinnedCount + 1);
      let left = 0;
      for (const [i, title] of titles.entries()) {
        table.style.setProperty(`--pin-${i}`, `${left}px`);
        left += title.getBoundingClientRect().width;
      }
    };
    place();
    const observer = new ResizeObserver(place);
    for (const title of table.querySelectorAll("thead tr > *")) observer.observe(title);
    return () => observer.disconnect();
  }, [pinnedCount, names]);
}
