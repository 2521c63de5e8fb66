import { announce } from "../state/announce.ts";
import { navigate } from "../state/navigate.ts";
import { moveColumn } from "../selection/shown-columns.ts";
import { formatCount, showName } from "../ui/format.ts";

/** What the menu of a title does to the columns that are shown. Each says what it has done. */
export interface ColumnActions {
  onHide(column: string): void;
  onMove(column: string, by: -1 | 1): void;
  /** The first columns, as many as that, stay in view. */
  onPin(count: number): void;
}

/**
 * Changes the columns of the view.
 *
 * @param names - of the columns that are shown, in their order
 */
export function columnActions(names: readonly string[]): ColumnActions {
  return {
    onHide(column) {
      navigate({ columns: names.filter((other) => other !== column) });
      announce(`Column ${showName(column)} is hidden`);
    },
    onMove(column, by) {
      const moved = moveColumn(names, column, by);
      navigate({ columns: moved });
      announce(
        `${showName(column)} is column ${formatCount(moved.indexOf(column) + 1)} of ${formatCount(names.length)}`,
      );
    },
    onPin(count) {
      navigate({ pinnedCount: count });
      announce(count === 0 ? "No column is pinned" : `Pinned up to ${showName(names[count - 1]!)}`);
    },
  };
}
