import { useMemo, type ReactNode } from "react";
import type { ColumnConfiguration } from "hightable";
import { ColumnTitle } from "./column-title.tsx";
import type { DataTableProps } from "./data-table-props.ts";
import type { Order } from "../state/view.ts";
import { moreColumn, MoreTitle } from "./more-columns.tsx";
import { minWidthOf } from "./min-width.ts";
import { isNumeric } from "./show-cells.ts";

/** The most columns that can be pinned: more leave no room for others. */
const pinnedMax = 9;

/** The width of the title that says how many columns are not shown, in pixels. */
const moreWidth = 120;

/**
 * What HighTable is told of the columns: titles, menus, widths.
 *
 * @param numberChars - the characters of the longest number of each column, as far as it is known
 */
export function useColumnConfiguration(
  { fields, source, more, order, pinnedCount, onMove, onOrder, onCopy, onFilter, onPin }: DataTableProps,
  numberChars: ReadonlyMap<string, number>,
): ColumnConfiguration {
  return useMemo(() => {
    const columns = fields.map((field, column) => {
      const bounds = { rowStart: 0, rowEnd: source.rowCount, columnStart: column, columnEnd: column + 1 };
      const items = [
        ...(field.children.length === 0 ? [furtherSort(field.name, order, onOrder)] : []),
        { label: "Copy column", onClick: () => onCopy(bounds) },
        ...(onFilter ? [{ label: "Filter…", onClick: () => onFilter(field) }] : []),
        ...(column > 0 ? [{ label: "Move left", onClick: () => onMove(field.name, -1) }] : []),
        ...(column < fields.length - 1 ? [{ label: "Move right", onClick: () => onMove(field.name, 1) }] : []),
        ...(column < pinnedMax
          ? [
              column + 1 === pinnedCount
                ? { label: "Unpin columns", onClick: () => onPin(0) }
                : { label: "Pin up to here", onClick: () => onPin(column + 1) },
            ]
          : []),
      ];
      const pinned = column < pinnedCount ? "pinned" : "";
      const configuration = {
        headerComponent: (controls: ReactNode) => <ColumnTitle field={field} controls={controls} />,
        minWidth: minWidthOf(field, numberChars.get(field.name)),
        className: [
          isNumeric(field.type) && !field.dictionary ? "number" : "",
          pinned,
          column + 1 === pinnedCount ? "pinned-last" : "",
        ].join(" "),
        menuGroups: [{ title: "Column", items }],
      };
      return [field.name, configuration] as const;
    });
    if (more)
      columns.push([moreColumn, { headerComponent: () => <MoreTitle {...more} />, minWidth: moreWidth } as never]);
    return Object.fromEntries(columns);
  }, [fields, source, numberChars, more?.count, order, pinnedCount]);
}

/** The order that HighTable's own entry does not offer: that is the next of ascending, descending, none. */
function furtherSort(
  by: string,
  order: Order | undefined,
  onOrder: (order: Order | undefined) => void,
): { label: string; onClick: () => void } {
  if (order?.by !== by) return { label: "Sort descending", onClick: () => onOrder({ by, isDescending: true }) };
  if (order.isDescending) return { label: "Sort ascending", onClick: () => onOrder({ by, isDescending: false }) };
  return { label: "Clear sort", onClick: () => onOrder(undefined) };
}
