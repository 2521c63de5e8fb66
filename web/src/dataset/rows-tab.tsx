import { useEffect, useMemo, useState } from "react";
import type { Field, FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { navigate, reload, say, useConnection, useView } from "../state/store.ts";
import { take } from "../state/use-load.ts";
import { copyCells } from "../table/copy-cells.ts";
import { DataTable } from "../table/data-table.tsx";
import type { CellPlace } from "../table/selection.ts";
import { formatCount, formatCounted } from "../ui/format.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { CellDetail } from "./cell-detail.tsx";
import { ColumnsMenu } from "./columns-menu.tsx";
import { FilterBar } from "./filter-bar.tsx";
import { addCondition, quoteColumn } from "./filter-text.ts";
import { GoToRow } from "./go-to-row.tsx";
import { moveColumn, shownColumns } from "./shown-columns.ts";
import { useRowSource, type ViewedRows } from "./use-row-source.ts";

/** The rows of a dataset, as a table. */
export function RowsTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { name, schema, hasSelections } = dataset;
  const fields = useMemo(() => shownColumns(schema.fields, view.columns), [schema, view.columns?.join("\n")]);
  const names = fields.map((field) => field.name);
  const rows = useRowSource(dataset, names);
  const { source } = rows;
  const [opened, setOpened] = useState<CellPlace>();
  const [error, setError] = useState<FlightError>();
  const [draft, setDraft] = useState<{ text: string }>();
  const { epoch } = useConnection();
  useEffect(() => setError(undefined), [epoch, source]);
  const setColumns = (columns: readonly string[]): void => navigate({ columns });
  const filterBy = (field: Field): void => setDraft({ text: addCondition(view.filter, `${quoteColumn(field.name)} `) });

  return (
    <section className="rows-tab" aria-label="Rows">
      <div className="toolbar">
        {hasSelections ? (
          <FilterBar fields={schema.fields} error={rows.error} draft={draft} />
        ) : (
          <span className="bar-space" />
        )}
        <GoToRow rowCount={source?.rowCount ?? 0} />
        <ColumnsMenu fields={schema.fields} shown={names} onChange={setColumns} />
      </div>
      {error && error.code !== "unavailable" && (
        <div className="above">
          <Failure what="Rows could not be read" error={error} retry={reload} />
        </div>
      )}
      <Notes dataset={dataset} rows={rows} />
      {rows.error ? (
        <Message title={view.filter ? "The filter cannot be followed" : "The rows cannot be read"}>
          {view.filter === "" && <p>{rows.error.message}</p>}
        </Message>
      ) : source === undefined || (source.rowCount === 0 && !rows.isCounted) ? (
        <Loading what="rows" />
      ) : source.rowCount === 0 ? (
        <Message title={view.filter ? "No row meets the filter" : "This dataset has no rows"} />
      ) : (
        <DataTable
          key={name}
          source={source}
          fields={fields}
          widthsKey={`${name}\n${names.join("\n")}`}
          order={view.order}
          row={view.row}
          onRow={(row) => navigate({ row }, { replace: true })}
          onOrder={(order) => navigate({ order, row: undefined })}
          onOpen={setOpened}
          onCopy={(bounds) => void copyCells(source, fields, bounds).then(say, (reason) => say(take(reason).message))}
          onFilter={hasSelections ? filterBy : undefined}
          onHide={(column) => setColumns(names.filter((other) => other !== column))}
          onMove={(column, by) => setColumns(moveColumn(names, column, by))}
          onError={(reason) => setError(take(reason))}
        />
      )}
      <div className="status-bar" role="status">
        {countWords(dataset, rows, view.filter)} · {formatCount(names.length)} of{" "}
        {formatCounted(schema.fields.length, "column")}
      </div>
      {opened && source && (
        <CellDetail
          source={source}
          field={fields[opened.column]!}
          row={opened.row}
          onClose={() => setOpened(undefined)}
        />
      )}
    </section>
  );
}

/** Says what of the rows the table has not, and why. */
function Notes({ dataset, rows }: { readonly dataset: DatasetDescription; readonly rows: ViewedRows }) {
  const { order } = useView();
  const { source, rowCount } = rows;
  if (source === undefined || (order === undefined && dataset.hasSelections)) return null;
  const isPart = source.rowCount < rowCount || !rows.isCounted;
  const part = `the first ${formatCount(source.rowCount)}${rows.isCounted ? ` of ${formatCount(rowCount)}` : ""} rows only`;
  if (order === undefined) {
    return isPart ? <p className="note">This server sends datasets as a whole: here are {part}.</p> : null;
  }
  return (
    <p className="note" role="status">
      Sorted by {order.by}
      {isPart ? `: ${part}, as the server does not sort.` : "."}
      <button type="button" className="quiet" onClick={() => navigate({ order: undefined })}>
        As stored
      </button>
    </p>
  );
}

function countWords({ rowCount }: DatasetDescription, rows: ViewedRows, filter: string): string {
  if (filter === "") return rowCount === undefined ? "rows not known" : formatCounted(rowCount, "row");
  if (rows.error) return `${formatCounted(rowCount ?? 0, "row")} in all`;
  const counted = `${formatCount(rows.rowCount)} of ${formatCounted(rowCount ?? 0, "row")} meet the filter`;
  return rows.isCounted ? counted : `${counted}, counting…`;
}
