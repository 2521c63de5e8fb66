/** Marks an element that takes the focus when what had it inside is gone; its first control takes it where `data-focus-home` is `inside`. */
export const focusHome = { tabIndex: -1, "data-focus-home": "" } as const;

const controls = "button:not(:disabled), a[href], input:not(:disabled), select, textarea, [tabindex='0']";

/** How long a focus waits for an element, in milliseconds: after that, nobody expects it to move. */
const patienceMs = 30_000;

/**
 * Sees to it that the focus is never lost. When the element that has it leaves the page or is disabled, the nearest home
 * around it takes the focus, or else the title of the page. An element with `data-focus-own` sees to its focus itself, but
 * for a cell that it draws anew. A popover closes when the focus leaves it.
 *
 * @returns what ends it
 */
export function keepFocus(): () => void {
  let path: Element[] = [];
  const remember = (): void => {
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body) return;
    path = pathOf(activeElement);
    closePopovers(activeElement);
  };
  const look = (): void => {
    const [last, ...around] = path;
    if (last === undefined || (last.isConnected && !last.matches(":disabled"))) return;
    if (document.activeElement !== document.body && document.activeElement !== last) return;
    const home = around.find((each) => each.isConnected && each.matches("[data-focus-home], [data-focus-own]"));
    if (home?.hasAttribute("data-focus-own")) return focusCellAgain(home, last);
    if (home) focusInside(home as HTMLElement);
    else focusTitle();
  };
  document.addEventListener("focusin", remember);
  const observer = new MutationObserver(look);
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ["disabled"] });
  return () => {
    observer.disconnect();
    document.removeEventListener("focusin", remember);
  };
}

/** Gives the focus to the title of the page, where there is one. Returns whether it has it. */
export function focusTitle(): boolean {
  const title = document.querySelector<HTMLElement>("h1[tabindex]");
  title?.focus({ preventScroll: true });
  return title !== null && document.activeElement === title;
}

/** Whether nothing has the focus. */
export function isFocusLost(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || !activeElement.isConnected;
}

/** Gives the focus to an element as soon as there is one, unless somebody has gone on with something else by then. */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  const start = document.activeElement;
  const isFree = (): boolean => {
    const { activeElement } = document;
    return isFocusLost() || activeElement === start || activeElement!.matches("h1, [data-focus-home]");
  };
  const attempt = (): boolean => {
    const element = isFree() ? find() : undefined;
    if (element) element.focus({ preventScroll: true });
    return !isFree() || (element !== undefined && element !== null);
  };
  const observer = new MutationObserver(() => attempt() && stop());
  const timer = setTimeout(() => stop(), patienceMs);
  const stop = (): void => {
    observer.disconnect();
    clearTimeout(timer);
  };
  // What has just been asked for is drawn first.
  requestAnimationFrame(() => {
    if (attempt()) stop();
    else observer.observe(document.body, { childList: true, subtree: true, attributes: true });
  });
}

function pathOf(element: Element): Element[] {
  const path: Element[] = [];
  for (let each: Element | null = element; each !== null; each = each.parentElement) path.push(each);
  return path;
}

/** Gives the focus to the cell that keys go on from, as soon as it is there, if a cell had it. */
function focusCellAgain(home: Element, lost: Element): void {
  if (lost.matches("td, th")) home.querySelector<HTMLElement>("td[tabindex='0']")?.focus({ preventScroll: true });
}

function focusInside(home: HTMLElement): void {
  const control = home.dataset["focusHome"] === "inside" ? home.querySelector<HTMLElement>(controls) : null;
  (control ?? home).focus({ preventScroll: true });
}

function closePopovers(focused: Element): void {
  for (const popover of document.querySelectorAll<HTMLElement>("[popover]:popover-open")) {
    const isInvoker = focused.getAttribute("popovertarget") === popover.id && popover.id !== "";
    if (!popover.contains(focused) && !isInvoker) popover.hidePopover();
  }
}
