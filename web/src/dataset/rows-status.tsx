import type { DatasetDescription } from "../api/describe-dataset.ts";
import { useView } from "../state/navigate.ts";
import type { Order } from "../state/view.ts";
import { formatCount, formatCounted } from "../ui/format.ts";
import { countWords } from "./row-words.ts";
import type { ViewedRows } from "./use-row-source.ts";

interface Props {
  readonly dataset: DatasetDescription;
  readonly rows: ViewedRows;
  readonly order: Order | undefined;
  /** How many columns are shown. */
  readonly columnCount: number;
}

/** How many rows and columns there are, and are shown; counts on where somebody has stopped the count. */
export function RowsStatus({ dataset, rows, order, columnCount }: Props) {
  const { rowCount, schema, hasSelections } = dataset;
  const filter = useView().filter;
  return (
    <div className="status-bar" role="status">
      {countWords({ rowCount, filter: hasSelections ? filter : "", order, rows })} · {formatCount(columnCount)} of{" "}
      {formatCounted(schema.fields.length, "column")}
      {rows.count && (
        <button type="button" className="quiet" onClick={rows.count}>
          Count on
        </button>
      )}
    </div>
  );
}
