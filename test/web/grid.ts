import type { Locator, Page } from "playwright";
import { expect } from "vitest";

/** A cell, by its row and column as people count them. */
export const cell = (page: Page, row: number, column: number): Locator =>
  page.locator(`.data-table tr[aria-rowindex="${row + 1}"] td:nth-child(${column + 1})`);
/** Waits until the clipboard has a text, which may be a matcher such as `expect.stringContaining`. Browsers copy after the act. */
export async function expectCopied(page: Page, text: unknown): Promise<void> {
  await expect.poll(() => page.evaluate("navigator.clipboard.readText()")).toEqual(text);
}
/** Where the focus is, in the grid's own numbers of row and column. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate("['aria-rowindex', 'aria-colindex'].map((name) => document.activeElement?.getAttribute(name)).join()");
/** What of the table scrolls. */
export const scroller = (page: Page): Locator => page.locator(".data-table [role=group][aria-labelledby=caption]");
/** How far it is scrolled, in pixels. */
export const scrollOf = (page: Page, side: "scrollLeft" | "scrollTop"): Promise<number> =>
  scroller(page).evaluate((element, name) => element[name], side);
