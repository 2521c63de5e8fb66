import type { Locator, Page } from "playwright";

/** A cell, by its row and column as people count them. */
export const cell = (page: Page, row: number, column: number): Locator =>
  page.locator(`.data-table tr[aria-rowindex="${row + 1}"] td:nth-child(${column + 1})`);
/** What has been copied. */
export const clipboard = (page: Page): Promise<string> => page.evaluate("navigator.clipboard.readText()");
/** Where the focus is, in the grid's own numbers of row and column. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate("['aria-rowindex', 'aria-colindex'].map((name) => document.activeElement?.getAttribute(name)).join()");
/** What of the table scrolls. */
export const scroller = (page: Page): Locator => page.locator(".data-table [role=group][aria-labelledby=caption]");
/** How far it is scrolled, in pixels. */
export const scrollOf = (page: Page, side: "scrollLeft" | "scrollTop"): Promise<number> =>
  scroller(page).evaluate((element, name) => element[name], side);
