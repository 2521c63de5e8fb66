import { findByLetter } from "../ui/find-by-letter.ts";
import { placeInWindow } from "../ui/place-in-window.ts";

/** HighTable's words for the order that there is, and what a click on them does. */
const sortWords: Readonly<Record<string, string>> = {
  "No sort": "Sort ascending",
  Ascending: "Sort descending",
  Descending: "Clear sort",
};

/** Whether something is the button of a column's menu. */
export function isMenuButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button[aria-haspopup=menu]") !== null;
}

/** Sees to the menu that a button is about to open: it is in the window, keeps the focus, and says what its entries do. */
export function tendMenu(root: HTMLElement): void {
  requestAnimationFrame(() => {
    const menu = root.querySelector<HTMLElement>("[role=menu]");
    if (menu === null) return;
    placeInWindow(menu, menu.getBoundingClientRect());
    const relabel = (): void => {
      for (const item of menu.querySelectorAll("[role=menuitem]")) {
        const words = sortWords[item.textContent ?? ""];
        if (words !== undefined) item.firstChild!.nodeValue = words;
      }
    };
    relabel();
    new MutationObserver(relabel).observe(menu, { subtree: true, characterData: true });
    const items = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
    menu.addEventListener("keydown", (event) => findByLetter(items, event)?.focus());
    keepFocus(root, menu);
  });
}

/**
 * HighTable gives the focus to a title right after its menu has taken it: as long as there is a menu, it takes it back.
 * When it closes, the title has it, and the browser scrolls to where the title would be if it did not stick.
 */
function keepFocus(root: HTMLElement, menu: Element): void {
  const scroller = root.querySelector("[role=group][aria-labelledby=caption]");
  const { scrollLeft = 0, scrollTop = 0 } = scroller ?? {};
  const focusFirst = (): void => menu.querySelector<HTMLElement>("[role=menuitem]")?.focus({ preventScroll: true });
  const keep = ({ target }: Event): void => {
    if (menu.isConnected) {
      if (!menu.contains(target as Node)) focusFirst();
      return;
    }
    root.removeEventListener("focusin", keep);
    requestAnimationFrame(() => scroller?.scrollTo({ left: scrollLeft, top: scrollTop }));
  };
  root.addEventListener("focusin", keep);
  focusFirst();
}
