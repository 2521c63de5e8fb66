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
    const sizes = new ResizeObserver(place);
    let followed: readonly Element[] = [];
    const follow = (): void => {
      const titles = [...table.querySelectorAll("thead tr > *")];
      if (titles.length === followed.length && titles.every((title, i) => title === followed[i])) return;
      followed = titles;
      sizes.disconnect();
      for (const title of titles) sizes.observe(title);
      place();
    };
    follow();
    // HighTable draws its titles anew when what it shows has another format.
    const draws = new MutationObserver(follow);
    draws.observe(table, { childList: true, subtree: true });
    return () => {
      sizes.disconnect();
      draws.disconnect();
    };
  }, [pinnedCount, names]);
}
