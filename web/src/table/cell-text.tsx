import type { Field } from "hangar/flight";
import { isWhole } from "./row-cache.ts";
import type { Cell } from "./show-cells.ts";

interface Props {
  /** Undefined beside the columns of the dataset. */
  readonly field: Field | undefined;
  /** Undefined for what has not come yet. */
  readonly cell: Cell | undefined;
  readonly isSelected: boolean;
}

/** A cell's text. A null looks unlike an empty text, and both unlike what has not come yet. A URL is a link. */
export function CellText({ field, cell, isSelected }: Props) {
  const ref = (text: HTMLElement | null): void => markCell(text?.parentElement, isSelected);
  if (field === undefined) return <span ref={ref} data-more />;
  const className = cell === null ? "null" : cell === "" ? "blank" : "";
  return (
    <span ref={ref} className={className} data-selected={isSelected || undefined}>
      {cell === null ? "null" : cell === "" ? "empty" : isLink(cell) ? <Link url={cell} /> : cell}
    </span>
  );
}

/** HighTable 0.26 has plain cells in its grid, and does not know which of them are selected. */
function markCell(cell: HTMLElement | null | undefined, isSelected: boolean): void {
  if (!cell) return;
  cell.role = "gridcell";
  cell.ariaSelected = String(isSelected);
}

/** Whether a text is a URL of the web, and nothing else; pure. */
export function isLink(text: Cell | undefined): text is string {
  return typeof text === "string" && isWhole(text) && /^https?:\/\/[^\s"<>]+$/.test(text);
}

/**
 * A link to another site, which learns nothing of this page.
 *
 * @param isStop - whether the Tab key stops at it; in a table, keys go from cell to cell
 */
export function Link({ url, isStop = false }: { readonly url: string; readonly isStop?: boolean }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" tabIndex={isStop ? 0 : -1}>
      {url}
    </a>
  );
}
