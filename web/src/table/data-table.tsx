import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { HighTable } from "hightable";
import "hightable/src/HighTable.css";
import type { Order } from "../state/view.ts";
import { useColumnConfiguration } from "./column-configuration.tsx";
import type { DataTableProps } from "./data-table-props.ts";
import { keepWidths, widthsKey } from "./column-widths.ts";
import { followColumns, followNumbers } from "./follow-frame.ts";
import { toPlace } from "./grid-place.ts";
import { boundsOf, hasCell } from "./selection.ts";
import { CellText } from "./cell-text.tsx";
import { usePinned } from "./use-pinned.ts";
import type { Cell } from "./show-cells.ts";
import { canStore } from "../ui/stored.ts";
import { tableEvents } from "./table-events.ts";
import { titleActions } from "./title-actions.ts";
import { useCopyEvent } from "./use-copy-event.ts";
import { firstPlace, useCursor } from "./use-cursor.ts";
import { useFocusGuard } from "./use-focus-guard.ts";
import { useFrame } from "./use-frame.ts";
import { useScrollKept } from "./use-scroll-kept.ts";
import { useScrolledRow } from "./use-scrolled-row.ts";
import { useSelection } from "./use-selection.ts";
import "./data-table.css";

const nothingHidden = {};

/** Rows that are drawn above and below those in view. */
const paddingRowCount = 8;

/** Rows and columns of a dataset; what is in view is read, nothing else. */
export function DataTable(props: DataTableProps) {
  const { dataset, source, fields, order, row, inView, onOpen, onCopy } = props;
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

  const events = tableEvents({ root, selecting, cursor, fields, onMenu: props.onMenu });
  const actions = titleActions({ root, cursor, names, props });
  const bounds = boundsOf(selecting.selection);
  useCopyEvent(root, () => onCopy(bounds));
  const keepSoon = useWidthsKept(dataset, names);

  return (
    <div
      className="data-table"
      data-focus-own
      ref={root}
      data-waiting={props.isWaiting || isLate || undefined}
      {...events}
      onPointerUpCapture={keepSoon}
      onKeyUp={keepSoon}
    >
      <HighTable
        data={frame}
        {...(canStore() && { cacheKey: widthsKey })}
        columnConfiguration={useColumnConfiguration(actions, numberChars)}
        columnsVisibility={nothingHidden}
        onColumnsVisibilityChange={(hidden) => {
          const [column = ""] = Object.keys(hidden);
          actions.onHide(column);
        }}
        orderBy={useMemo(() => toOrderBy(order, names), [order, names])}
        onOrderByChange={([next]) => {
          actions.onOrder(next && { by: next.column, isDescending: next.direction === "descending" });
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

/** Gives what keeps the widths that HighTable is about to store. */
function useWidthsKept(dataset: string, names: readonly string[]): () => void {
  const shown = useRef(names);
  shown.current = names;
  // HighTable has stored a width by then; and other columns may be shown.
  return () => void setTimeout(() => keepWidths(dataset, shown.current));
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
