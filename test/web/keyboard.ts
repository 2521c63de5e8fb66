import type { BrowserContextOptions, Page } from "playwright";
import { patienceMs, waitUntil } from "../support/wait.ts";
import type { TestBrowser } from "./app.ts";

/** Records what live regions tell. As text: what runs in a page has no types here. */
const record = `
  window.heard = [];
  new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target.closest ? target : target.parentElement)?.closest("[role=status], [role=alert]");
      if (region?.checkVisibility() && region.textContent !== "") heard.push(region.textContent);
    }
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
`;

/** Opens a page that is used by keys only, and whose live regions are recorded. */
export async function openForKeys(
  app: Pick<TestBrowser, "open">,
  path: string,
  options?: BrowserContextOptions,
): Promise<Page> {
  const page = await app.open(path, options);
  await page.evaluate(record);
  return page;
}

/** Waits until a live region has told something. */
export async function hear(page: Page, text: string | RegExp): Promise<void> {
  const isTold = async (): Promise<boolean> => {
    const texts = await heard(page);
    return texts.some((each) => (typeof text === "string" ? each.includes(text) : text.test(each)));
  };
  try {
    await waitUntil(`“${text}” is told`, isTold);
  } catch (reason) {
    throw new Error(`only this was told: ${(await heard(page)).join("; ")}`, { cause: reason });
  }
}

/** Everything that live regions have told. */
export function heard(page: Page): Promise<string[]> {
  return page.evaluate("heard");
}

/** What has the focus: its label, or else its text. */
export function focusName(page: Page): Promise<string> {
  return page.evaluate(`(() => {
    const { activeElement } = document;
    if (activeElement === document.body) return "nothing";
    return (activeElement.ariaLabel ?? activeElement.innerText).trim();
  })()`);
}

/** Waits until something has the focus, by its label or text. */
export async function waitForFocus(page: Page, name: string): Promise<void> {
  try {
    await waitUntil(`“${name}” has the focus`, async () => (await focusName(page)) === name);
  } catch (reason) {
    throw new Error(`the focus is at “${await focusName(page)}”`, { cause: reason });
  }
}

/** Presses Tab until something has the focus; what is not there yet is met on another round of the page. */
export async function tabTo(page: Page, name: string | RegExp, key = "Tab"): Promise<void> {
  const passed = new Set<string>();
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const focused = await focusName(page);
    if (typeof name === "string" ? focused === name : name.test(focused)) return;
    passed.add(focused);
    await page.keyboard.press(key);
  }
  throw new Error(`Tab does not lead to ${name}, only to ${[...passed].join("; ")}`);
}
