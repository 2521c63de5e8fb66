import type { Field } from "hangar/flight";
import { columnsInView } from "./columns-in-view.ts";
import { followRoles } from "./mend-roles.ts";
import { isNumeric } from "./show-cells.ts";
import type { TableFrame } from "./table-frame.ts";

/** A table that is drawn. */
interface FollowedTable {
  readonly dataset: string;
  /** The columns that are shown, in their order. */
  readonly names: readonly string[];
  readonly frame: TableFrame;
  /** Is told which columns are in view. */
  readonly inView: { current: readonly string[] };
}

/** Tells the frame, and whoever follows it, which columns are in view, whenever that changes. */
export function followColumns(root: HTMLElement, { dataset, names, frame, inView }: FollowedTable): () => void {
  const look = (): void => {
    inView.current = columnsInView(root, names);
    frame.showColumns(inView.current);
  };
  const leaveRoles = followRoles(root, dataset);
  look();
  const observer = new ResizeObserver(look);
  for (const element of root.querySelectorAll("thead tr, table")) observer.observe(element);
  observer.observe(root);
  root.addEventListener("scroll", look, { capture: true, passive: true });
  // Columns become as wide as what has come.
  const lookSoon = (): void => void requestAnimationFrame(look);
  frame.eventTarget.addEventListener("resolve", lookSoon);
  return () => {
    leaveRoles();
    observer.disconnect();
    frame.eventTarget.removeEventListener("resolve", lookSoon);
    root.removeEventListener("scroll", look, { capture: true });
  };
}

/**
 * Tells how long the first numbers and times of each column are, once they have come into view: one that is cut says
 * nothing. A column is measured once, so that its width stays.
 */
export function followNumbers(
  fields: readonly Field[],
  frame: TableFrame,
  onChars: (chars: ReadonlyMap<string, number>) => void,
): () => void {
  const unknown = new Set(fields.filter(isMeasured).map(({ name }) => name));
  const measure = (): void => {
    const found = new Map<string, number>();
    for (const name of frame.columns) {
      const chars = unknown.has(name) ? frame.longestCell(name) : 0;
      if (chars > 0 && unknown.delete(name)) found.set(name, chars);
    }
    if (found.size > 0) onChars(found);
  };
  frame.eventTarget.addEventListener("resolve", measure);
  return () => frame.eventTarget.removeEventListener("resolve", measure);
}

function isMeasured({ type, dictionary }: Field): boolean {
  return (isNumeric(type) || type.kind === "timestamp") && !dictionary;
}
