import { useEffect, useId, useMemo, useRef, useState } from "react";
import type { FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { GlanceNote, GlanceProvider } from "../columns/glances.tsx";
import { columnsButtonId } from "../selection/columns-menu.tsx";
import { storedColumns } from "../selection/column-fields.ts";
import { shownColumns } from "../selection/shown-columns.ts";
import { useConnection } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { take } from "../state/use-load.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import type { Order } from "../state/view.ts";
import { columnsLikely } from "../table/columns-in-view.ts";
import { DataTable } from "../table/data-table.tsx";
import type { RowSource } from "../table/row-source.ts";
import type { CellPlace } from "../table/selection.ts";
import { parseFormat } from "../table/value-format.ts";
import { focusHome } from "../ui/focus.ts";
import { WorkNote } from "../ui/work-note.tsx";
import { columnActions } from "./column-actions.ts";
import { InsteadOfRows } from "./instead-of-rows.tsx";
import { OpenRow } from "./open-row.tsx";
import { RowsNotes } from "./rows-notes.tsx";
import { RowsStatus } from "./rows-status.tsx";
import { RowsToolbar } from "./rows-toolbar.tsx";
import { useCells } from "./use-cells.tsx";
import { useColumnFilter } from "./use-column-filter.tsx";
import { useCopy } from "./use-copy.ts";
import { useRowSource } from "./use-row-source.ts";
import { useShownRows } from "./use-shown-rows.ts";
import "./rows-tab.css";

/** The rows of a dataset, as a table. */
export function RowsTab({ dataset }: { readonly dataset: DatasetDescription }) {
  return (
    <GlanceProvider dataset={dataset}>
      <Rows dataset={dataset} />
    </GlanceProvider>
  );
}

function Rows({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { name, schema, hasSelections } = dataset;
  const fields = useMemo(() => shownColumns(schema.fields, view.columns), [schema, view.columns?.join("\n")]);
  const names = fields.map((field) => field.name);
  const order = orderOf(dataset, view.order);
  const inView = useRef<readonly string[]>([]);
  const rows = useRowSource(dataset, names, { order, likely: () => columnsLikely(fields, inView.current, innerWidth) });
  const source = useShownRows(dataset, names, rows);
  const [error, setError] = useReadError(source);
  const shownError = useReloadOf(error ?? rows.error, dataset);
  const copy = useCopy();
  const format = useMemo(() => parseFormat(view.format), [view.format]);
  const columnsId = useId();
  const columnFilter = useColumnFilter(dataset);
  const cells = useCells({ dataset, source, fields, format, onCopy: copy });
  const { jump, goToRow, goToColumn, closeRow } = useJump();
  const hiddenCount = schema.fields.length - new Set(storedColumns(schema.fields, names)).size;

  return (
    <section className="rows-tab" aria-label={`Rows of ${name}`} {...focusHome}>
      <RowsToolbar
        {...{ dataset, fields, columnsId }}
        rowCount={source?.rowCount ?? 0}
        error={shownError && rows.error}
        draft={columnFilter.draft}
        onGoToRow={goToRow}
        onGoToColumn={goToColumn}
      />
      <RowsNotes dataset={dataset} rows={rows} order={order} />
      <GlanceNote dataset={dataset} />
      <WorkNote />
      <div
        className="rows-body"
        onKeyDown={(event) => {
          const isInMenu = (event.target as Element).closest("[role=menu]") !== null;
          if (event.key === "Escape" && view.isRowOpen && !isInMenu) closeRow();
        }}
      >
        {source && (
          <DataTable
            key={name}
            dataset={name}
            {...{ source, fields, order, jump, format, inView }}
            row={view.row}
            pinnedCount={Math.min(view.pinnedCount, fields.length)}
            more={hiddenCount > 0 ? { count: hiddenCount, onShow: () => openColumns(columnsId) } : undefined}
            isWaiting={source !== rows.source}
            onRow={(row) => navigate({ row }, { replace: true })}
            onOrder={(order) => navigate({ order, row: undefined })}
            onOpen={cells.open}
            onMenu={cells.openMenu}
            onCopy={(bounds) => copy({ source, fields, bounds })}
            onFilter={hasSelections ? columnFilter.open : undefined}
            {...columnActions(names)}
            onError={(reason) => setError(take(reason))}
          />
        )}
        {source && <OpenRow {...{ dataset, source, fields, format }} onClose={closeRow} />}
      </div>
      {(shownError || !(error ?? rows.error)) && (
        <InsteadOfRows source={source} rows={rows} filter={view.filter} error={error} />
      )}
      <RowsStatus dataset={dataset} rows={rows} order={order} columnCount={names.length} />
      {columnFilter.element}
      {cells.element}
    </section>
  );
}

/** The order of the view; a column that is not there says nothing about one. */
function orderOf({ schema, nested }: DatasetDescription, order: Order | undefined): Order | undefined {
  const isColumn = (by: string): boolean => nested.has(by) || schema.fields.some((field) => field.name === by);
  return order && isColumn(order.by) ? order : undefined;
}

/** Why a part of the rows could not be read, until they are read again; and what sets it. */
function useReadError(source: RowSource | undefined) {
  const state = useState<FlightError>();
  const [, setError] = state;
  const { epoch } = useConnection();
  useEffect(() => setError(undefined), [epoch, source]);
  return state;
}

/** Where the table is to go now, and what takes it there. */
function useJump() {
  const view = useView();
  const [jump, setJump] = useState<Partial<CellPlace>>();
  return {
    jump,
    goToRow(row: number): void {
      navigate({ row });
      setJump({ row });
    },
    goToColumn: (column: number): void => setJump({ column }),
    closeRow(): void {
      navigate({ isRowOpen: false });
      setJump({ row: view.row ?? 0 });
    },
  };
}

/** Opens the menu of columns at its own button, which stays where it is. */
function openColumns(columnsId: string): void {
  document.getElementById(columnsButtonId(columnsId))?.click();
}
