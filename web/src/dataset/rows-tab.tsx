import { Suspense, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Field, FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { reload, useConnection } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { announce } from "../state/announce.ts";
import { say } from "../state/toast.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import type { Order } from "../state/view.ts";
import { take } from "../state/use-load.ts";
import { copyCells, type CopiedCells } from "../table/copy-cells.ts";
import { columnsLikely } from "../table/columns-in-view.ts";
import { DataTable } from "../table/data-table.tsx";
import type { RowSource } from "../table/row-source.ts";
import { parseFormat } from "../table/value-format.ts";
import type { CellPlace } from "../table/selection.ts";
import { formatCount, formatCounted } from "../ui/format.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { ColumnFilter } from "../selection/column-filter.tsx";
import { columnActions } from "./column-actions.ts";
import { useCells } from "./use-cells.tsx";
import { columnsButtonId, ColumnsMenu } from "../selection/columns-menu.tsx";
import { FilterBar, isWrongFilter } from "../selection/filter-bar.tsx";
import { quoteField, storedColumns } from "../selection/column-fields.ts";
import { GlanceButton, GlanceNote, GlanceProvider } from "../columns/glances.tsx";
import { GoToRow } from "./go-to-row.tsx";
import { RowsTools } from "./rows-tools.tsx";
import { countWords, orderWords, partWords } from "./row-words.ts";
import { shownColumns } from "../selection/shown-columns.ts";
import { useRowSource, type ViewedRows } from "./use-row-source.ts";
import { focusHome } from "../ui/focus.ts";
import { WorkNote } from "../ui/work-note.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";
import "./rows-tab.css";

const RowPanel = lazyPart(async () => (await import("./row-panel.tsx")).default);

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
  // A column that is not there says nothing about an order.
  const isColumn = (by: string): boolean => dataset.nested.has(by) || schema.fields.some((field) => field.name === by);
  const order = view.order && isColumn(view.order.by) ? view.order : undefined;
  const inView = useRef<readonly string[]>([]);
  const rows = useRowSource(dataset, names, { order, likely: () => columnsLikely(fields, inView.current, innerWidth) });
  const source = useShown(dataset, names, rows);
  const [error, setError] = useState<FlightError>();
  const [draft, setDraft] = useState<{ condition: string }>();
  const [jump, setJump] = useState<Partial<CellPlace>>();
  const { epoch } = useConnection();
  useEffect(() => setError(undefined), [epoch, source]);
  const shownError = useReloadOf(error ?? rows.error, dataset);
  const copy = useCopy();
  const format = useMemo(() => parseFormat(view.format), [view.format]);
  const menuId = useId();
  const setColumns = (columns: readonly string[]): void => navigate({ columns });
  const [filtered, setFiltered] = useState<Field>();
  const writeCondition = (field: Field): void => {
    setFiltered(undefined);
    setDraft({ condition: `${quoteField(field)} ` });
  };
  const goTo = (row: number): void => {
    navigate({ row });
    setJump({ row });
  };
  const closeRow = (): void => {
    navigate({ isRowOpen: false });
    setJump({ row: view.row ?? 0 });
  };
  const cells = useCells({ dataset, source, fields, format, onCopy: copy });
  const hiddenCount = schema.fields.length - new Set(storedColumns(schema.fields, names)).size;

  return (
    <section className="rows-tab" aria-label={`Rows of ${name}`} {...focusHome}>
      <div className="toolbar">
        {hasSelections ? (
          <FilterBar fields={schema.fields} error={shownError && rows.error} draft={draft} />
        ) : (
          <span className="bar-space" />
        )}
        <GoToRow rowCount={source?.rowCount ?? 0} onGo={goTo} />
        <RowsTools dataset={dataset} fields={fields} />
        <GlanceButton />
        <ColumnsMenu
          id={menuId}
          fields={schema.fields}
          shown={names}
          onChange={setColumns}
          onGo={(column) => setJump({ column: names.indexOf(column) })}
        />
      </div>
      <Notes dataset={dataset} rows={rows} order={order} />
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
            source={source}
            fields={fields}
            order={order}
            row={view.row}
            jump={jump}
            format={format}
            pinnedCount={Math.min(view.pinnedCount, fields.length)}
            more={hiddenCount > 0 ? { count: hiddenCount, onShow: () => openColumns(menuId) } : undefined}
            inView={inView}
            isWaiting={source !== rows.source}
            onRow={(row) => navigate({ row }, { replace: true })}
            onOrder={(order) => navigate({ order, row: undefined })}
            onOpen={cells.open}
            onMenu={cells.openMenu}
            onCopy={(bounds) => copy({ source, fields, bounds })}
            onFilter={hasSelections ? setFiltered : undefined}
            {...columnActions(names)}
            onError={(reason) => setError(take(reason))}
          />
        )}
        {view.isRowOpen && source && source.rowCount > 0 && (
          <Suspense fallback={null}>
            <RowPanel
              dataset={dataset}
              source={source}
              filter={hasSelections ? view.filter : ""}
              fields={hasSelections ? schema.fields : fields}
              row={Math.min(view.row ?? 0, source.rowCount - 1)}
              rowCount={source.rowCount}
              format={format}
              onRow={(row) => {
                navigate({ row });
                announce(`Row ${formatCount(row + 1)}`);
              }}
              onClose={closeRow}
            />
          </Suspense>
        )}
      </div>
      {(shownError || !(error ?? rows.error)) && (
        <Instead source={source} rows={rows} filter={view.filter} error={error} />
      )}
      <div className="status-bar" role="status">
        {countWords({ rowCount: dataset.rowCount, filter: hasSelections ? view.filter : "", order, rows })} ·{" "}
        {formatCount(names.length)} of {formatCounted(schema.fields.length, "column")}
        {rows.count && (
          <button type="button" className="quiet" onClick={rows.count}>
            Count on
          </button>
        )}
      </div>
      {filtered && (
        <ColumnFilter
          dataset={dataset}
          field={filtered}
          onClose={() => setFiltered(undefined)}
          onWrite={() => writeCondition(filtered)}
        />
      )}
      {cells.element}
    </section>
  );
}

/** Opens the menu of columns at its own button, which stays where it is. */
function openColumns(menuId: string): void {
  document.getElementById(columnsButtonId(menuId))?.click();
}

/** Copies cells and says so; what is still being copied ends with the view, and with what is copied next. */
function useCopy(): (cells: CopiedCells) => void {
  const copying = useRef(new AbortController());
  useEffect(() => () => copying.current.abort(), []);
  return (cells) => {
    copying.current.abort();
    const { signal } = (copying.current = new AbortController());
    copyCells(cells, signal).then(say, (reason: unknown) => signal.aborted || say(take(reason).message));
  };
}

/** The rows that the table shows: those before, until there are others, as long as they have the columns. */
function useShown(dataset: DatasetDescription, names: readonly string[], rows: ViewedRows): RowSource | undefined {
  const before = useRef<Pick<ViewedRows, "source" | "columns"> & { dataset: DatasetDescription }>(undefined);
  const { source, columns, isCounted, error } = rows;
  if (source && !error && (source.rowCount > 0 || isCounted)) before.current = { dataset, source, columns };
  const shown = before.current;
  const hasColumns = shown?.columns === undefined || names.every((name) => shown.columns?.includes(name));
  return shown?.dataset === dataset && hasColumns ? shown.source : undefined;
}

interface InsteadProps {
  readonly source: RowSource | undefined;
  readonly rows: ViewedRows;
  readonly filter: string;
  /** What a part of the rows could not be read by. */
  readonly error: FlightError | undefined;
}

/** What there is to read in the place of rows, or above those that there were. */
function Instead({ source, rows, filter, error }: InsteadProps) {
  const className = source ? "above" : "instead";
  // That it cannot be reached is said above the page.
  const { isLost } = useConnection();
  if (error && !isLost) {
    return (
      <div className={className}>
        <Failure what="Rows could not be read" error={error} retry={reload} />
      </div>
    );
  }
  if (rows.error && !isLost) {
    // The filter says what is wrong with it.
    const isFilter = isWrongFilter(rows.error, filter);
    if (isFilter && source) return null;
    return (
      <div className={className}>
        <Message title={isFilter ? "The filter is not valid" : "The rows cannot be read"}>
          {!isFilter && <p>{rows.error.message}</p>}
          <button type="button" onClick={reload}>
            Try again
          </button>
        </Message>
      </div>
    );
  }
  if (source === undefined) return <Loading what="rows" />;
  if (source.rowCount > 0 || source !== rows.source) return null;
  return (
    <div className="above">
      <Message title={filter ? "No row meets the filter" : "This dataset has no rows"} />
    </div>
  );
}

interface NotesProps {
  readonly dataset: DatasetDescription;
  readonly rows: ViewedRows;
  readonly order: Order | undefined;
}

/** Says what of the rows the table has not, and why. */
function Notes({ dataset, rows, order }: NotesProps) {
  const isThere = rows.source !== undefined;
  useToldOrder(order, isThere);
  if (!isThere || (order === undefined && dataset.hasSelections)) return null;
  const part = partWords(rows);
  if (order === undefined) {
    return part === undefined ? null : <p className="note">This server sends datasets as a whole: here are {part}.</p>;
  }
  return (
    <p className="note">
      Sorted by {orderWords(order)}
      {part === undefined ? "." : `: ${part}, as the server does not sort.`}
      <button type="button" className="quiet" onClick={() => navigate({ order: undefined })}>
        Clear sort
      </button>
    </p>
  );
}

/** Tells the order of rows when it has changed, once they are in it. */
function useToldOrder(order: Order | undefined, isThere: boolean): void {
  const words = order ? `Ordered by ${orderWords(order)}` : "Rows in their stored order";
  const told = useRef(words);
  useEffect(() => {
    if (!isThere || told.current === words) return;
    told.current = words;
    announce(words);
  }, [words, isThere]);
}
