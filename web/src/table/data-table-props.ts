import type { Field } from "hangar/flight";
import type { Order } from "../state/view.ts";
import type { MoreColumns } from "./more-columns.tsx";
import type { ValueFormat } from "./value-format.ts";
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
  /** How numbers and times are shown; the same object as long as it is the same format. */
  readonly format: ValueFormat;
  /** How many of the first columns stay in view. */
  readonly pinnedCount: number;
  /** The columns that are not shown; undefined if there are none. */
  readonly more: MoreColumns | undefined;
  /** Is told which columns are in view. */
  readonly inView: { current: readonly string[] };
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
  /** The first columns, as many as that, are to stay in view. */
  onPin(count: number): void;
  /** The menu of a cell is asked for, at a place of the window in pixels. */
  onMenu(place: CellPlace, at: { readonly x: number; readonly y: number }): void;
  onMove(column: string, by: -1 | 1): void;
  onError(reason: unknown): void;
}
