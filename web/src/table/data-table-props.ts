import type { Field } from "hangar/flight";
import type { Order } from "../state/view.ts";
import type { RowSource } from "./row-source.ts";
import type { CellBounds, CellPlace } from "./selection.ts";

/** What a table shows, and what it tells. */
export interface DataTableProps {
  /** The name of the dataset; widths of its columns are kept under it. */
  readonly dataset: string;
  readonly source: RowSource;
  /** The columns that are shown, in their order. */
  readonly fields: readonly Field[];
  readonly order: Order | undefined;
  /** The row that is looked at, from 0: the one that has the focus, where it is in view. */
  readonly row: number | undefined;
  /** A row, or a column, to be shown now, also where it has had the focus all the time. */
  readonly jump: Partial<CellPlace> | undefined;
  /** Whether other rows are on their way to take the place of these. */
  readonly isWaiting: boolean;
  onRow(row: number): void;
  onOrder(order: Order | undefined): void;
  /** A cell has been asked for as a whole. */
  onOpen(place: CellPlace): void;
  onCopy(bounds: CellBounds): void;
  /** Rows are to be filtered by a column; undefined where there is no filter. */
  readonly onFilter: ((field: Field) => void) | undefined;
  onHide(column: string): void;
  onMove(column: string, by: -1 | 1): void;
  onError(reason: unknown): void;
}
