import { useMemo } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { isSpread } from "../api/read-selection.ts";
import { readStatistics, type StoredColumn } from "../api/read-statistics.ts";
import { ColumnsMenu } from "../selection/columns-menu.tsx";
import { shownColumns } from "../selection/shown-columns.ts";
import { FilterBar, isWrongFilter } from "../selection/filter-bar.tsx";
import { useCoveringColumns } from "../selection/use-covering-columns.ts";
import { reload, useConnection } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { useLoad } from "../state/use-load.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { focusHome } from "../ui/focus.ts";
import { formatCounted } from "../ui/format.ts";
import { Failure } from "../ui/message.tsx";
import { Progress } from "../ui/progress.tsx";
import { ColumnItem } from "./column-item.tsx";
import { sampleRowsMax } from "./sample-size.ts";
import { gapWords, seenWords } from "./seen-words.ts";
import { toReadDataset, useSummaries } from "./use-summaries.ts";
import "./columns-tab.css";

/** What the values of each column are: nulls, bounds, statistics, distribution; of the rows that have been read. */
export function ColumnsTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { schema, hasSelections, rowCount: total } = dataset;
  const fields = useMemo(() => shownColumns(schema.fields, view.columns), [schema, view.columns?.join("\n")]);
  const names = fields.map((field) => field.name);
  const limit = view.isWhole ? undefined : sampleRowsMax;
  const filter = hasSelections ? view.filter : "";
  const columns = useCoveringColumns(schema.fields, names);
  const seen = useSummaries({ dataset: toReadDataset(dataset), columns, filter, limit });
  const { summaries, rowCount, isDone, isStopped } = seen;
  const error = useReloadOf(seen.error, dataset);
  const { isLost } = useConnection();
  const isAll = isDone && !isStopped && !error && (limit === undefined || rowCount < limit || rowCount === total);
  const told = useStored(dataset, filter);
  // What has been seen of all rows says the same, and more.
  const stored = isAll ? noColumns : told;
  const isSample = limit !== undefined && !isStopped && isSpread(dataset, { columns, filter, limit });
  const scanAll = (): void => (view.isWhole ? seen.restart() : navigate({ isWhole: true }));
  return (
    <section className="columns-tab" aria-label={`Columns of ${dataset.name}`}>
      <div className="toolbar">
        {hasSelections ? (
          <FilterBar fields={schema.fields} error={error} draft={undefined} />
        ) : (
          <span className="bar-space" />
        )}
        <ColumnsMenu fields={schema.fields} shown={names} onChange={(columns) => navigate({ columns })} />
      </div>
      <div className="note" role="group" aria-label="Rows that were read" {...focusHome} data-focus-home="inside">
        <p role="status">
          {(!error || rowCount > 0) && seenWords({ rowCount, isDone, isAll, isSample, total, filter })}
          {stored.size > 0 && " Null counts, min and max come from the file and cover all rows."}
          {isSample && isDone && !isAll && ` ${gapWords}`}
        </p>
        {!isDone && (
          <Progress
            label={`Reading the columns of ${dataset.name}`}
            done={rowCount}
            total={filter === "" && total !== undefined ? Math.min(total, limit ?? total) : undefined}
            onStop={seen.stop}
          />
        )}
        {isDone && !isAll && !error && (
          <button type="button" onClick={scanAll}>
            {filter === "" && total !== undefined ? `Scan all ${formatCounted(total, "row")}` : "Scan all rows"}
          </button>
        )}
      </div>
      {error && !isLost && !isWrongFilter(error, filter) && (
        <Failure what="The columns cannot be shown" error={error} retry={reload} />
      )}
      <ul className="column-list" tabIndex={0} aria-label={`Columns of ${dataset.name}, scrollable`}>
        {fields.map((field) => (
          <ColumnItem
            key={field.name}
            field={field}
            summary={summaries.get(field.name)}
            stored={stored.get(field.name)}
            hasStored={stored.size > 0}
            rowCount={total}
            hasFilter={hasSelections}
          />
        ))}
      </ul>
    </section>
  );
}

/** What the file says of its columns, by name; of rows that meet a filter it says nothing. */
function useStored(dataset: DatasetDescription, filter: string): ReadonlyMap<string, StoredColumn> {
  const loaded = useLoad(JSON.stringify([dataset.name, dataset.changedMs]), async (signal) => {
    const statistics = await readStatistics(dataset, signal);
    const whole = statistics?.columns.filter(({ path }) => path.length === 1) ?? [];
    return new Map(whole.map((column) => [column.path[0]!, column]));
  });
  return filter === "" && loaded.status === "ready" ? loaded.value : noColumns;
}

const noColumns: ReadonlyMap<string, StoredColumn> = new Map();
