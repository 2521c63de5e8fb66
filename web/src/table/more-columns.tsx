import { formatCount } from "../ui/format.ts";

/** The name of the column that stands for those that are not shown; no column of a dataset begins so. */
export const moreColumn = "\u0000more";

/** Columns that a table does not show. */
export interface MoreColumns {
  readonly count: number;
  /** Opens the menu that shows them. */
  onShow(): void;
}

/** The last title of a table: how many columns it does not show, and the way to them. */
export function MoreTitle({ count, onShow }: MoreColumns) {
  return (
    <button type="button" className="quiet more-columns" onClick={onShow}>
      {formatCount(count)} more…
    </button>
  );
}
