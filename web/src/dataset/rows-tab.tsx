import { useMemo, useState } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { navigate, say, useView } from "../state/store.ts";
import { take, useLoad, type Loaded } from "../state/use-load.ts";
import { copyCells } from "../table/copy-cells.ts";
import { DataTable } from "../table/data-table.tsx";
import type { RowSource } from "../table/row-source.ts";
import { createSelectionSource } from "../table/selection-source.ts";
import { readSorted, type SortRequest } from "../table/sorted-source.ts";
import type { CellPlace } from "../table/selection.ts";
import { formatCount, formatCounted } from "../ui/format.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { CellDetail } from "./cell-detail.tsx";
import { ColumnsMenu } from "./columns-menu.tsx";
import { GoToRow } from "./go-to-row.tsx";
import { moveColumn, shownColumns } from "./shown-columns.ts";
import type { FlightError } from "hangar/flight";

/** The rows of a dataset, as a table. */
export function RowsTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { name, schema } = dataset;
  const rowCount = dataset.rowCount ?? 0;
  const columnsKey = view.columns?.join("\n");
  const fields = useMemo(() => shownColumns(schema.fields, view.columns), [schema, columnsKey]);
  const { filter, order } = view;
  const unsorted = useMemo(() => createSelectionSource(name, rowCount, filter), [name, rowCount, filter]);
  const names = fields.map((field) => field.name);
  const sorted = useSorted(order && { dataset: name, filter, columns: names, order });
  const source = order === undefined ? unsorted : sorted?.status === "ready" ? sorted.value : undefined;
  const [opened, setOpened] = useState<CellPlace>();
  const [error, setError] = useState<FlightError>();
  const setColumns = (columns: readonly string[]): void => navigate({ columns });

  return (
    <section className="rows-tab" aria-label="Rows">
      <div className="toolbar">
        <span className="bar-space" />
        <GoToRow rowCount={rowCount} />
        <ColumnsMenu fields={schema.fields} shown={names} onChange={setColumns} />
      </div>
      {error && <Failure what="Rows could not be read" error={error} retry={() => setError(undefined)} />}
      {order && source && (
        <p className="note" role="status">
          {source.rowCount < rowCount
            ? `Sorted by ${order.by}: the first ${formatCount(source.rowCount)} of ${formatCount(rowCount)} rows only, as the server does not sort.`
            : `Sorted by ${order.by}.`}
          <button type="button" className="quiet" onClick={() => navigate({ order: undefined })}>
            As stored
          </button>
        </p>
      )}
      {sorted?.status === "failed" && <Failure what="The rows cannot be sorted" error={sorted.error} />}
      {sorted?.status === "loading" && <Loading what="rows to sort" />}
      {rowCount === 0 && <Message title="This dataset has no rows" />}
      {source && rowCount > 0 && (
        <DataTable
          key={name}
          source={source}
          fields={fields}
          widthsKey={`${name}\n${names.join("\n")}`}
          order={order}
          row={view.row}
          onRow={(row) => navigate({ row }, { replace: true })}
          onOrder={(next) => navigate({ order: next, row: undefined })}
          onOpen={setOpened}
          onCopy={(bounds) => void copyCells(source, names, bounds).then(say, (reason) => say(take(reason).message))}
          onHide={(column) => setColumns(names.filter((other) => other !== column))}
          onMove={(column, by) => setColumns(moveColumn(names, column, by))}
          onError={(reason) => setError(take(reason))}
        />
      )}
      <div className="status-bar" role="status">
        {formatCounted(rowCount, "row")} · {formatCount(names.length)} of{" "}
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

/** Sorts rows where that is asked for. */
function useSorted(request: SortRequest | undefined): Loaded<RowSource> | undefined {
  const loaded = useLoad(JSON.stringify(request ?? ""), async (signal) =>
    request === undefined ? undefined : await readSorted(request, signal),
  );
  if (request === undefined || (loaded.status === "ready" && loaded.value === undefined)) return undefined;
  return loaded as Loaded<RowSource>;
}
