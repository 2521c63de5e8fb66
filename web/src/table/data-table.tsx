import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type KeyboardEvent, type MouseEvent } from "react";
import { HighTable } from "hightable";
import "hightable/src/HighTable.css";
import { useConnection } from "../state/connection.ts";
import type { Order } from "../state/view.ts";
import { isMenuButton, tendMenu } from "./column-menu.ts";
import { useColumnConfiguration } from "./column-configuration.tsx";
import type { DataTableProps } from "./data-table-props.ts";
import { keepWidths, placeWidths, widthsKey } from "./column-widths.ts";
import { followColumns, followNumbers } from "./follow-frame.ts";
import { cellAt, firstIndex, toPlace } from "./grid-place.ts";
import { boundsOf, hasCell } from "./selection.ts";
import { CellText } from "./cell-text.tsx";
import { moreColumn } from "./more-columns.tsx";
import { usePinned } from "./use-pinned.ts";
import { showCell, shownType, type Cell } from "./show-cells.ts";
import { focusSoon } from "../ui/focus.ts";
import { canStore } from "../ui/stored.ts";
import { TableFrame } from "./table-frame.ts";
import { useCopyEvent } from "./use-copy-event.ts";
import { firstPlace, useCursor } from "./use-cursor.ts";
import { useFocusGuard } from "./use-focus-guard.ts";
import { useScrollKept } from "./use-scroll-kept.ts";
import { useScrolledRow } from "./use-scrolled-row.ts";
import { useSelection } from "./use-selection.ts";
import "./data-table.css";

const nothingHidden = {};

/** Rows that are drawn above and below those in view. */
const paddingRowCount = 8;

/** Rows and columns of a dataset; what is in view is read, nothing else. */
export function DataTable(props: DataTableProps) {
  const { dataset, source, fields, order, row, inView, onOpen, onCopy, onHide, onMove, onPin } = props;
  const root = useRef<HTMLDivElement>(null);
  const names = useMemo(() => fields.map(({ name }) => name), [fields]);
  const frame = useFrame(props, names);
  const isLate = useSyncExternalStore(frame.subscribe, () => frame.isBefore(source));
  const size = { rowCount: source.rowCount, columnCount: fields.length };
  const [numberChars, setNumberChars] = useState<ReadonlyMap<string, number>>(new Map());
  const focusGuard = useFocusGuard(root);
  const selecting = useSelection(firstPlace(row, size), names, size);
  const cursor = useCursor({ ...props, size, selecting, focusGuard });
  useEffect(() => followColumns(root.current!, { dataset, names, frame, inView }), [dataset, names, frame, inView]);
  useEffect(
    () => followNumbers(fields, frame, (found) => setNumberChars((before) => new Map([...before, ...found]))),
    [fields, frame],
  );
  useScrollKept({ root, frame, source, onScaled: cursor.showRow });
  usePinned(root, props.pinnedCount, names);
  useScrolledRow(root, toPlace(cursor.position).row, cursor.scrolledTo);

  const pressKey = (event: KeyboardEvent): void => {
    selecting.isExtending.current = false;
    cursor.isPointer.current = false;
    if (!isMenuButton(event.target)) cursor.pressKey(event);
    else if (event.key === "Enter" || event.key === " ") tendMenu(root.current!);
  };
  const press = (event: MouseEvent): void => {
    selecting.isExtending.current = event.shiftKey;
    cursor.isPointer.current = true;
  };
  const openMenu = (event: MouseEvent): void => {
    const place = cellAt(event.target);
    const titleMenu = (event.target as Element).closest("th")?.querySelector<HTMLElement>("button[aria-haspopup=menu]");
    if (titleMenu) {
      event.preventDefault();
      return titleMenu.click();
    }
    // A link has the browser's own menu.
    if (place === undefined || place.column >= fields.length || (event.target as Element).closest("a")) return;
    event.preventDefault();
    const { left, bottom } = (event.target as Element).getBoundingClientRect();
    props.onMenu(place, event.clientX > 0 ? { x: event.clientX, y: event.clientY } : { x: left, y: bottom });
  };
  /** Keeps the focus at a title whose menu has been used by a key: the table may be drawn anew. */
  const stayAtTitle = (column: number): void => {
    if (cursor.isPointer.current) return;
    const selector = `.data-table:not(:has([role="menu"])) thead [aria-colindex="${column + firstIndex}"]`;
    focusSoon(() => {
      const title = root.current?.parentElement?.querySelector<HTMLElement>(selector);
      // HighTable begins again at the first title when it shows other columns.
      if (title) cursor.showTitle(column);
      return title;
    });
  };
  const titleActions = {
    ...props,
    onOrder(next: Order | undefined) {
      props.onOrder(next);
      stayAtTitle(names.indexOf(next?.by ?? order?.by ?? ""));
    },
    onMove(column: string, by: -1 | 1) {
      onMove(column, by);
      stayAtTitle(names.indexOf(column) + by);
    },
    onPin(count: number) {
      onPin(count);
      stayAtTitle((count || props.pinnedCount) - 1);
    },
  };
  const bounds = boundsOf(selecting.selection);
  useCopyEvent(root, () => onCopy(bounds));
  const shown = useRef(names);
  shown.current = names;
  // HighTable has stored a width by then; and other columns may be shown.
  const keepSoon = (): void => void setTimeout(() => keepWidths(dataset, shown.current));

  return (
    <div
      className="data-table"
      data-focus-own
      ref={root}
      data-waiting={props.isWaiting || isLate || undefined}
      onMouseOver={selecting.drag}
      onMouseDown={selecting.pressRowNumber}
      onMouseDownCapture={press}
      onClickCapture={(event) => isMenuButton(event.target) && tendMenu(root.current!)}
      onKeyDownCapture={pressKey}
      onContextMenu={openMenu}
      onPointerUpCapture={keepSoon}
      onKeyUp={keepSoon}
    >
      <HighTable
        data={frame}
        {...(canStore() && { cacheKey: widthsKey })}
        columnConfiguration={useColumnConfiguration(titleActions, numberChars)}
        columnsVisibility={nothingHidden}
        onColumnsVisibilityChange={(hidden) => {
          const [column = ""] = Object.keys(hidden);
          onHide(column);
          stayAtTitle(Math.max(0, Math.min(names.indexOf(column), names.length - 2)));
        }}
        orderBy={useMemo(() => toOrderBy(order, names), [order, names])}
        onOrderByChange={([next]) => {
          titleActions.onOrder(next && { by: next.column, isDescending: next.direction === "descending" });
        }}
        cellPosition={cursor.position}
        onCellPositionChange={cursor.moveTo}
        focus={cursor.isFirst.current && row !== undefined}
        padding={paddingRowCount}
        onError={props.onError}
        onDoubleClickCell={(_, column, row) => onOpen({ row, column })}
        onMouseDownCell={(event, column, row) => selecting.pressCell(event, { row, column })}
        stringify={stringify}
        renderCellContent={({ cell, col, row }) => (
          <CellText
            field={fields[col]}
            cell={cell?.value as Cell | undefined}
            isSelected={row !== undefined && hasCell(bounds, { row, column: col })}
          />
        )}
      />
    </div>
  );
}

/** The frame of the columns that are shown; it stays, with all that HighTable keeps of it, when other rows come. */
function useFrame(
  { dataset, source, fields, format, more, onError }: DataTableProps,
  names: readonly string[],
): TableFrame {
  const hasMore = more !== undefined;
  const { epoch } = useConnection();
  const frame = useMemo(() => {
    placeWidths(dataset, names);
    const columns = fields.map((field) => {
      const type = shownType(field);
      const show = (text: string): string => showCell(type, text, format);
      return { name: field.name, isSortable: field.children.length === 0, show };
    });
    if (hasMore) columns.push({ name: moreColumn, isSortable: false, show: String });
    return new TableFrame(source, columns, onError);
  }, [fields, format, hasMore]);
  useEffect(() => () => frame.close(), [frame]);
  useEffect(() => {
    frame.show(source);
    return source.subscribe?.(() => frame.grow());
  }, [frame, source]);
  useEffect(() => frame.retry(), [frame, epoch]);
  return frame;
}

function stringify(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** HighTable shows the order of columns that are there. */
function toOrderBy(
  order: Order | undefined,
  names: readonly string[],
): { column: string; direction: "ascending" | "descending" }[] {
  if (order === undefined || !names.includes(order.by)) return [];
  return [{ column: order.by, direction: order.isDescending ? "descending" : "ascending" }];
}
