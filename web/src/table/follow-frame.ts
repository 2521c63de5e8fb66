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
}

/** Tells the frame which columns are in view, whenever that changes. */
export function followColumns(root: HTMLElement, { dataset, names, frame }: FollowedTable): () => void {
  const look = (): void => {
    frame.showColumns(columnsInView(root, names));
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

/** Tells how long the first numbers and times of each column are, once they have come: one that is cut says nothing. */
export function followNumbers(
  fields: readonly Field[],
  frame: TableFrame,
  onChars: (chars: ReadonlyMap<string, number>) => void,
): () => void {
  const numeric = fields.filter(
    ({ type, dictionary }) => (isNumeric(type) || type.kind === "timestamp") && !dictionary,
  );
  const measure = (): void => onChars(new Map(numeric.map(({ name }) => [name, frame.longestCell(name)])));
  frame.eventTarget.addEventListener("resolve", measure, { once: true });
  return () => frame.eventTarget.removeEventListener("resolve", measure);
}
