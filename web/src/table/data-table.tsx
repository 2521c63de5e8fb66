import { useEffect, useMemo, useRef, useState, type ClipboardEvent, type KeyboardEvent, type MouseEvent } from "react";
import { HighTable } from "hightable";
import "hightable/src/HighTable.css";
import type { Field } from "hangar/flight";
import { useConnection } from "../state/connection.ts";
import type { Order } from "../state/view.ts";
import { isMenuButton, tendMenu } from "./column-menu.ts";
import { useColumnConfiguration } from "./column-configuration.tsx";
import { keepWidths, placeWidths, widthsKey } from "./column-widths.ts";
import { followColumns, followNumbers } from "./follow-frame.ts";
import type { RowSource } from "./row-source.ts";
import {
  boundsOf,
  extendByKey,
  hasCell,
  renameColumns,
  selectCell,
  selectRows,
  type CellBounds,
  type CellPlace,
  type CellSelection,
} from "./selection.ts";
import { showCell, type Cell } from "./show-cells.ts";
import { canStore } from "../ui/stored.ts";
import { TableFrame } from "./table-frame.ts";
import { useFocusGuard } from "./use-focus-guard.ts";
import { useScrollKept } from "./use-scroll-kept.ts";
import { useScrolledRow } from "./use-scrolled-row.ts";
import "./data-table.css";

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

/** In HighTable, 1 is the row of titles and the column of row numbers. */
const firstIndex = 2;
const nothingHidden = {};

/** Rows that are drawn above and below those in view. */
const paddingRowCount = 8;

/** Rows and columns of a dataset; what is in view is read, nothing else. The only place that knows HighTable. */
export function DataTable(props: DataTableProps) {
  const { dataset, source, fields, order, row, jump, onOpen, onCopy } = props;
  const root = useRef<HTMLDivElement>(null);
  const names = useMemo(() => fields.map(({ name }) => name), [fields]);
  const frame = useFrame(props, names);
  const size = { rowCount: source.rowCount, columnCount: fields.length };
  const firstRow = row !== undefined && row < size.rowCount ? row : 0;
  const [selection, setSelection] = useState<CellSelection>(selectCell({ row: firstRow, column: 0 }));
  const [position, setPosition] = useState({ colIndex: firstIndex, rowIndex: firstRow + firstIndex });
  const [numberChars, setNumberChars] = useState<ReadonlyMap<string, number>>(new Map());
  /** Whether what moves the focus extends the selection; it is known before the focus moves. */
  const isExtending = useRef(false);
  /** Whether it is the pointer that moves it. */
  const isPointer = useRef(false);
  const focusGuard = useFocusGuard(root);
  /** The row that the table has been scrolled to, which says nothing about where the focus goes. */
  const scrolledTo = useRef<number>(undefined);
  useScrolledRow(root, position.rowIndex - firstIndex, (next) => {
    if (next === (row ?? 0)) return;
    scrolledTo.current = next;
    props.onRow(next);
  });

  useEffect(() => followColumns(root.current!, names, frame), [names, frame]);
  useEffect(() => followNumbers(fields, frame, setNumberChars), [fields, frame]);
  useScrollKept({
    root,
    frame,
    source,
    onScaled: (row) => setPosition((before) => ({ ...before, rowIndex: row + firstIndex })),
  });
  // Other rows begin at the first, unless one of them is meant.
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && row === undefined) goToTop();
    isFirst.current = false;
  }, [source, row]);
  const named = useRef(names);
  useEffect(() => {
    setSelection((before) => renameColumns(before, named.current, names));
    named.current = names;
  }, [names]);
  // The row is set from elsewhere: by Back, by its number, or by a link, where it may still be to come.
  const hasRow = row !== undefined && row < size.rowCount;
  useEffect(() => {
    if (row !== undefined && row === scrolledTo.current) return;
    scrolledTo.current = undefined;
    if (!hasRow || row + firstIndex === position.rowIndex) return;
    goTo({ row, column: Math.max(0, position.colIndex - firstIndex) });
  }, [row, hasRow]);
  useEffect(() => {
    const { rowIndex, colIndex } = position;
    const here = { row: Math.max(0, rowIndex - firstIndex), column: Math.max(0, colIndex - firstIndex) };
    if (jump === undefined) return;
    focusGuard.letIn();
    goTo({ ...here, ...jump });
  }, [jump]);

  /** Has the focus go to a cell, which is scrolled to. */
  const goTo = (place: CellPlace, selected = selectCell(place)): void => {
    setPosition({ colIndex: place.column + firstIndex, rowIndex: place.row + firstIndex });
    setSelection(selected);
  };
  /** Has the first row be the one that keys go on from, unless they are among the titles. */
  const goToTop = (): void => {
    isExtending.current = false;
    const column = Math.max(0, Math.min(position.colIndex - firstIndex, size.columnCount - 1));
    if (position.rowIndex > firstIndex) goTo({ row: 0, column });
    else setSelection(selectCell({ row: 0, column }));
  };
  const moveTo = (next: typeof position): void => {
    // A title that is clicked, or whose menu is opened, leaves the rows where they are.
    if (next.rowIndex < firstIndex && isPointer.current) return;
    // HighTable has the focus stay among rows and columns that have become fewer: nobody has asked for the last ones.
    if (position.rowIndex > size.rowCount + 1) return goToTop();
    setPosition(next);
    if (position.colIndex > size.columnCount + 1) return;
    const place = { row: next.rowIndex - firstIndex, column: next.colIndex - firstIndex };
    if (place.row < 0) return;
    if (place.column >= 0 && !isExtending.current) setSelection(selectCell(place));
    props.onRow(place.row);
  };
  const press = (event: MouseEvent, column: number, row: number): void => {
    if (!event.shiftKey) return;
    event.preventDefault();
    setSelection(({ anchor }) => ({ anchor, focus: { row, column } }));
  };
  const drag = (event: MouseEvent): void => {
    if (event.buttons !== 1) return;
    const cell = (event.target as Element).closest("td[data-rownumber]");
    if (cell !== null) setSelection(({ anchor }) => ({ anchor, focus: placeOf(cell) }));
  };
  const pressRow = (event: MouseEvent): void => {
    const header = (event.target as Element).closest("[role=rowheader][data-rownumber]");
    if (header === null) return;
    // The browser would select the numbers as text.
    if (event.shiftKey) event.preventDefault();
    const row = Number(header.getAttribute("data-rownumber"));
    setSelection(({ anchor }) => selectRows(event.shiftKey ? anchor.row : row, row, size));
  };
  const pressKey = (event: KeyboardEvent): void => {
    isExtending.current = false;
    isPointer.current = false;
    if (isMenuButton(event.target)) {
      if (event.key === "Enter" || event.key === " ") tendMenu(root.current!);
      return;
    }
    const cell = (event.target as Element).closest("td[data-rownumber]");
    const isCtrl = event.ctrlKey || event.metaKey;
    if (cell === null) return;
    if (event.shiftKey) {
      const extended = extendByKey(selection, event.key, { size, isToEdge: isCtrl });
      if (extended === undefined) return;
      goTo(extended.focus, extended);
      props.onRow(extended.focus.row);
    } else if (isCtrl && (event.key === "ArrowUp" || event.key === "Home")) {
      // HighTable would go to the titles.
      goTo({ row: 0, column: event.key === "Home" ? 0 : placeOf(cell).column });
      props.onRow(0);
    } else if (event.key === "Enter") onOpen(placeOf(cell));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const copy = (event: ClipboardEvent): void => {
    if (document.getSelection()?.isCollapsed === false) return;
    if ((event.target as Element).closest("td, [role=rowheader]") === null) return;
    event.preventDefault();
    event.stopPropagation();
    onCopy(boundsOf(selection));
  };
  const shown = useRef(names);
  shown.current = names;
  // HighTable has stored a width by then; and other columns may be shown.
  const keepSoon = (): void => void setTimeout(() => keepWidths(dataset, shown.current));

  const bounds = boundsOf(selection);
  return (
    <div
      className="data-table"
      ref={root}
      data-waiting={props.isWaiting || undefined}
      onCopyCapture={copy}
      onMouseOver={drag}
      onMouseDown={pressRow}
      onMouseDownCapture={(event) => {
        isExtending.current = event.shiftKey;
        isPointer.current = true;
      }}
      onClickCapture={(event) => isMenuButton(event.target) && tendMenu(root.current!)}
      onKeyDownCapture={pressKey}
      onPointerUp={keepSoon}
      onKeyUp={keepSoon}
    >
      <HighTable
        data={frame}
        {...(canStore() && { cacheKey: widthsKey })}
        columnConfiguration={useColumnConfiguration(props, numberChars)}
        columnsVisibility={nothingHidden}
        onColumnsVisibilityChange={(hidden) => Object.keys(hidden).forEach(props.onHide)}
        orderBy={useMemo(() => toOrderBy(order, names), [order, names])}
        onOrderByChange={([next]) =>
          props.onOrder(next && { by: next.column, isDescending: next.direction === "descending" })
        }
        cellPosition={position}
        onCellPositionChange={moveTo}
        focus={isFirst.current && row !== undefined}
        padding={paddingRowCount}
        onError={props.onError}
        onDoubleClickCell={(_, column, row) => onOpen({ row, column })}
        onMouseDownCell={press}
        stringify={stringify}
        renderCellContent={({ cell, col, row }) => (
          <CellText
            cell={cell?.value as Cell | undefined}
            isSelected={row !== undefined && hasCell(bounds, { row, column: col })}
          />
        )}
      />
    </div>
  );
}

/** The frame of the columns that are shown; it stays, with all that HighTable keeps of it, when other rows come. */
function useFrame({ dataset, source, fields, onError }: DataTableProps, names: readonly string[]): TableFrame {
  const { epoch } = useConnection();
  const frame = useMemo(() => {
    placeWidths(dataset, names);
    const columns = fields.map(({ name, type, children }) => ({
      name,
      isSortable: children.length === 0,
      show: (text: string) => showCell(type, text),
    }));
    return new TableFrame(source, columns, onError);
  }, [fields]);
  useEffect(() => () => frame.close(), [frame]);
  useEffect(() => {
    frame.show(source);
    return source.subscribe?.(() => frame.grow());
  }, [frame, source]);
  useEffect(() => frame.retry(), [frame, epoch]);
  return frame;
}

/** A null looks unlike an empty text, and both unlike what has not come yet. */
function CellText({ cell, isSelected }: { readonly cell: Cell | undefined; readonly isSelected: boolean }) {
  const className = cell === null ? "null" : cell === "" ? "blank" : "";
  return (
    <span className={className} data-selected={isSelected || undefined}>
      {cell === null ? "null" : cell === "" ? "empty" : cell}
    </span>
  );
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

function placeOf(cell: Element): CellPlace {
  return {
    row: Number(cell.getAttribute("data-rownumber")),
    column: Number(cell.getAttribute("aria-colindex")) - firstIndex,
  };
}
