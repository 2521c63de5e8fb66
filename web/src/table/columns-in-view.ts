import type { Field } from "hangar/flight";
import { minWidthOf } from "./min-width.ts";

/** Columns that are read until titles have been drawn that can be looked at. */
export const firstColumnCount = 12;

/** The columns whose titles lie, at least in part, where they can be seen. */
export function columnsInView(root: HTMLElement, names: readonly string[]): readonly string[] {
  const titles = [...root.querySelectorAll("th[role=columnheader]")];
  // There may be one more, of the columns that are not shown.
  if (titles.length < names.length || titles.length > names.length + 1) return names.slice(0, firstColumnCount);
  const box = root.getBoundingClientRect();
  return names.filter((_, i) => {
    const { left, right } = titles[i]!.getBoundingClientRect();
    return right > box.left && left < box.right;
  });
}

/**
 * The columns that a table is likely to show: those in view, and those that come into view if all are as narrow as they may
 * begin; pure.
 *
 * @param inView - names of columns that are in view now; none if the table has not been drawn
 * @param width - of the window, in pixels
 */
export function columnsLikely(fields: readonly Field[], inView: readonly string[], width: number): readonly string[] {
  const isInView = new Set(inView);
  const likely = fields.filter(({ name }) => isInView.has(name));
  const first = likely.length === 0 ? 0 : fields.indexOf(likely[0]!);
  let left = 0;
  for (let i = first; i < fields.length && left < width; i++) {
    likely.push(fields[i]!);
    left += minWidthOf(fields[i]!);
  }
  return [...new Set(likely.map(({ name }) => name))];
}
