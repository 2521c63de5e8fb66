/** HighTable gives the focus to a title right after its menu has taken it; the menu takes it back then. In milliseconds. */
const focusDelayMs = 60;

/** HighTable's words for the order that there is, and what a click on them does. */
const sortWords: Readonly<Record<string, string>> = {
  "No sort": "Sort ascending",
  Ascending: "Sort descending",
  Descending: "As stored",
};

/** Whether something is the button of a column's menu. */
export function isMenuButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button[aria-haspopup=menu]") !== null;
}

/** Sees to the menu that a button is about to open: it has the focus, and says what its entries do. */
export function tendMenu(root: HTMLElement): void {
  requestAnimationFrame(() => {
    const menu = root.querySelector("[role=menu]");
    if (menu === null) return;
    const relabel = (): void => {
      for (const item of menu.querySelectorAll("[role=menuitem]")) {
        const words = sortWords[item.textContent ?? ""];
        if (words !== undefined) item.firstChild!.nodeValue = words;
      }
    };
    relabel();
    new MutationObserver(relabel).observe(menu, { subtree: true, characterData: true });
  });
  setTimeout(() => root.querySelector<HTMLElement>("[role=menu] [role=menuitem]")?.focus(), focusDelayMs);
}
