import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from "react";
import { HighTable, type ColumnConfiguration } from "hightable";
import "hightable/src/HighTable.css";
import type { Field } from "hangar/flight";
import { useConnection } from "../state/store.ts";
import type { Order } from "../state/view.ts";
import { columnsInView } from "./columns-in-view.ts";
import { ColumnTitle } from "./column-title.tsx";
import { mendRoles } from "./mend-roles.ts";
import type { RowSource } from "./row-source.ts";
import {
  boundsOf,
  extendByKey,
  hasCell,
  selectCell,
  selectRows,
  type CellBounds,
  type CellPlace,
  type CellSelection,
} from "./selection.ts";
import { isNumeric, showCell, type Cell } from "./show-cells.ts";
import { TableFrame } from "./table-frame.ts";
import "./data-table.css";

/** What a table shows, and what it tells. */
export interface DataTableProps {
  readonly source: RowSource;
  /** The columns that are shown, in their order. */
  readonly fields: readonly Field[];
  /** Column widths that somebody has set are kept under this name. */
  readonly widthsKey: string;
  readonly order: Order | undefined;
  /** The row that has the focus, from 0. */
  readonly row: number | undefined;
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

/** Pixels of a character, and what of a column is none of its text: a title has its menu beside it. */
const charWidth = 7.6;
const cellMargin = 24;
const titleMargin = 78;
/** However long a title is, its column begins no wider, in pixels. */
const titleWidthMax = 240;
/** Characters of a timestamp. */
const timestampChars = { s: 20, ms: 24, us: 27, ns: 30 } as const;

/** How narrow a column may be to begin with, in pixels, so that its title, and times, can be read. */
function minWidthOf({ name, type }: Field): number {
  const title = Math.min(titleWidthMax, name.length * charWidth + titleMargin);
  return Math.max(title, type.kind === "timestamp" ? timestampChars[type.unit] * charWidth + cellMargin : 0);
}

/** Rows and columns of a dataset; what is in view is read, nothing else. The only place that knows HighTable. */
export function DataTable(props: DataTableProps) {
  const { source, fields, order, row, onError, onOpen, onCopy } = props;
  const root = useRef<HTMLDivElement>(null);
  const { epoch } = useConnection();
  const size = { rowCount: source.rowCount, columnCount: fields.length };
  const frame = useMemo(
    () =>
      new TableFrame(
        source,
        fields.map(({ name, type, children }) => ({
          name,
          isSortable: children.length === 0,
          show: (text) => showCell(type, text),
        })),
        onError,
      ),
    [source, fields],
  );
  const [selection, setSelection] = useState<CellSelection>(selectCell({ row: row ?? 0, column: 0 }));
  const [position, setPosition] = useState({ colIndex: firstIndex, rowIndex: (row ?? 0) + firstIndex });

  useEffect(() => () => frame.close(), [frame]);
  useEffect(() => source.subscribe?.(() => frame.grow()), [frame]);
  useEffect(() => frame.retry(), [frame, epoch]);
  useEffect(() => followColumns(root.current!, fields, frame), [fields, frame]);
  // The row is set from elsewhere: by Back, or by its number.
  useEffect(() => {
    if (row === undefined || row + firstIndex === position.rowIndex) return;
    setPosition(({ colIndex }) => ({ colIndex, rowIndex: row + firstIndex }));
    setSelection(selectCell({ row, column: Math.max(0, position.colIndex - firstIndex) }));
  }, [row]);

  const moveTo = (next: typeof position): void => {
    setPosition(next);
    const place = { row: next.rowIndex - firstIndex, column: next.colIndex - firstIndex };
    if (place.row < 0) return;
    if (place.column >= 0 && !isExtending.current) setSelection(selectCell(place));
    props.onRow(place.row);
  };
  /** Whether what moves the focus extends the selection; it is known before the focus moves. */
  const isExtending = useRef(false);
  const press = (event: MouseEvent, column: number, row: number): void => {
    if (!event.shiftKey) return;
    event.preventDefault();
    setSelection(({ anchor }) => ({ anchor, focus: { row, column } }));
  };
  const drag = (event: MouseEvent): void => {
    if (event.buttons !== 1) return;
    const cell = (event.target as Element).closest("td[data-rownumber]");
    if (cell === null) return;
    const focus = { row: Number(cell.getAttribute("data-rownumber")), column: columnOf(cell) };
    setSelection(({ anchor }) => ({ anchor, focus }));
  };
  const pressRow = (event: MouseEvent): void => {
    const header = (event.target as Element).closest("[role=rowheader][data-rownumber]");
    if (header === null) return;
    const row = Number(header.getAttribute("data-rownumber"));
    setSelection(({ anchor }) => selectRows(event.shiftKey ? anchor.row : row, row, size));
  };
  const pressKey = (event: KeyboardEvent, column: number, row: number): void => {
    const extended = event.shiftKey ? extendByKey(selection, event.key, size) : undefined;
    if (extended) {
      event.preventDefault();
      setSelection(extended);
    } else if (event.key === "Enter") {
      event.preventDefault();
      onOpen({ row, column });
    }
  };
  const copy = (event: ClipboardEvent): void => {
    if (document.getSelection()?.isCollapsed === false) return;
    if ((event.target as Element).closest("td, [role=rowheader]") === null) return;
    event.preventDefault();
    event.stopPropagation();
    onCopy(boundsOf(selection));
  };

  const bounds = boundsOf(selection);
  return (
    <div
      className="data-table"
      ref={root}
      onCopyCapture={copy}
      onMouseOver={drag}
      onMouseDown={pressRow}
      onMouseDownCapture={(event) => (isExtending.current = event.shiftKey)}
      onKeyDownCapture={() => (isExtending.current = false)}
    >
      <HighTable
        data={frame}
        cacheKey={props.widthsKey}
        columnConfiguration={useColumnConfiguration(props)}
        columnsVisibility={nothingHidden}
        onColumnsVisibilityChange={(hidden) => Object.keys(hidden).forEach(props.onHide)}
        orderBy={useMemo(() => toOrderBy(order), [order])}
        onOrderByChange={([next]) =>
          props.onOrder(next && { by: next.column, isDescending: next.direction === "descending" })
        }
        cellPosition={position}
        onCellPositionChange={moveTo}
        focus={row !== undefined}
        padding={paddingRowCount}
        onError={onError}
        onDoubleClickCell={(_, column, row) => onOpen({ row, column })}
        onMouseDownCell={press}
        onKeyDownCell={pressKey}
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

function toOrderBy(order: Order | undefined): { column: string; direction: "ascending" | "descending" }[] {
  return order ? [{ column: order.by, direction: order.isDescending ? "descending" : "ascending" }] : [];
}

function columnOf(cell: Element): number {
  return Number(cell.getAttribute("aria-colindex")) - firstIndex;
}

function useColumnConfiguration({ fields, source, onMove, onCopy, onFilter }: DataTableProps): ColumnConfiguration {
  return useMemo(() => {
    const columns = fields.map((field, column) => {
      const bounds = { rowStart: 0, rowEnd: source.rowCount, columnStart: column, columnEnd: column + 1 };
      const items = [
        { label: "Copy column", onClick: () => onCopy(bounds) },
        ...(onFilter ? [{ label: "Filter…", onClick: () => onFilter(field) }] : []),
        ...(column > 0 ? [{ label: "Move left", onClick: () => onMove(field.name, -1) }] : []),
        ...(column < fields.length - 1 ? [{ label: "Move right", onClick: () => onMove(field.name, 1) }] : []),
      ];
      const configuration = {
        headerComponent: (controls: ReactNode) => <ColumnTitle field={field} controls={controls} />,
        minWidth: minWidthOf(field),
        className: isNumeric(field.type) && !field.dictionary ? "number" : "",
        menuGroups: [{ title: "Column", items }],
      };
      return [field.name, configuration] as const;
    });
    return Object.fromEntries(columns);
  }, [fields, source]);
}

/** Tells the frame which columns are in view, whenever that changes. */
function followColumns(root: HTMLElement, fields: readonly Field[], frame: TableFrame): () => void {
  const names = fields.map(({ name }) => name);
  const look = (): void => {
    mendRoles(root);
    frame.showColumns(columnsInView(root, names));
  };
  look();
  const observer = new ResizeObserver(look);
  for (const element of root.querySelectorAll("thead tr, table")) observer.observe(element);
  observer.observe(root);
  root.addEventListener("scroll", look, { capture: true, passive: true });
  // Columns become as wide as what has come.
  const lookSoon = (): void => void requestAnimationFrame(look);
  frame.eventTarget.addEventListener("resolve", lookSoon);
  return () => {
    observer.disconnect();
    frame.eventTarget.removeEventListener("resolve", lookSoon);
    root.removeEventListener("scroll", look, { capture: true });
  };
}
