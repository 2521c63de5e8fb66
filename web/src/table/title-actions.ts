import type { RefObject } from "react";
import { focusSoon } from "../ui/focus.ts";
import type { DataTableProps } from "./data-table-props.ts";
import { firstIndex } from "./grid-place.ts";
import type { Cursor } from "./use-cursor.ts";

interface TitleActionsOptions {
  readonly root: RefObject<HTMLElement | null>;
  readonly cursor: Cursor;
  /** The columns that are shown. */
  readonly names: readonly string[];
  readonly props: DataTableProps;
}

/** What the menus of the titles do: as the table is told, and the focus stays at the title if a key has been used. */
export function titleActions({ root, cursor, names, props }: TitleActionsOptions): DataTableProps {
  const { order, pinnedCount, onOrder, onMove, onPin, onHide } = props;
  const stayAt = (column: number): void => {
    if (cursor.isPointer.current) return;
    const selector = `.data-table:not(:has([role="menu"])) thead [aria-colindex="${column + firstIndex}"]`;
    // The table may be drawn anew.
    focusSoon(() => {
      const title = root.current?.parentElement?.querySelector<HTMLElement>(selector);
      // HighTable begins again at the first title when it shows other columns.
      if (title) cursor.showTitle(column);
      return title;
    });
  };
  return {
    ...props,
    onOrder(next) {
      onOrder(next);
      stayAt(names.indexOf(next?.by ?? order?.by ?? ""));
    },
    onMove(column, by) {
      onMove(column, by);
      stayAt(names.indexOf(column) + by);
    },
    onPin(count) {
      onPin(count);
      stayAt((count || pinnedCount) - 1);
    },
    onHide(column) {
      onHide(column);
      stayAt(Math.max(0, Math.min(names.indexOf(column), names.length - 2)));
    },
  };
}
