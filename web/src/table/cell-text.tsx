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
  if (field === undefined) return <span data-more />;
  const className = cell === null ? "null" : cell === "" ? "blank" : "";
  return (
    <span className={className} data-selected={isSelected || undefined}>
      {cell === null ? "null" : cell === "" ? "empty" : isLink(cell) ? <Link url={cell} /> : cell}
    </span>
  );
}

/** Whether a text is a URL of the web, and nothing else; pure. */
export function isLink(text: Cell | undefined): text is string {
  return typeof text === "string" && isWhole(text) && /^https?:\/\/[^\s"<>]+$/.test(text);
}

/** A link to another site, which learns nothing of this page. */
export function Link({ url }: { readonly url: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer" tabIndex={-1}>
      {url}
    </a>
  );
}
