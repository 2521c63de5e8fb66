import { useEffect, useMemo, useState } from "react";
import { FlightError, formatType, type Field, type FlightErrorCode } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import type { ReadDataset } from "../api/read-selection.ts";
import { readStatistics, type StoredColumn } from "../api/read-statistics.ts";
import { ColumnsMenu } from "../selection/columns-menu.tsx";
import { shownColumns } from "../selection/shown-columns.ts";
import { FilterBar, isWrongFilter } from "../selection/filter-bar.tsx";
import { reload, useConnection } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { useCoveringColumns } from "../selection/use-covering-columns.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { take, useLoad } from "../state/use-load.ts";
import { showBound } from "../table/show-cells.ts";
import { formatCount, formatCounted, formatShare } from "../ui/format.ts";
import { Failure } from "../ui/message.tsx";
import { DistributionView } from "./distribution-view.tsx";
import type { ColumnSummary } from "./summarise.ts";
import type { SummaryReply, SummaryRequest } from "./summarise.worker.ts";
import "./columns-tab.css";

/** Rows that are looked at unless all are asked for. */
const firstRowsMax = 100_000;

/** What the values of each column are: nulls, bounds, distribution; of the rows that have been looked at. */
export function ColumnsTab({ dataset }: { readonly dataset: DatasetDescription }) {
  const view = useView();
  const { schema, hasSelections } = dataset;
  const fields = useMemo(() => shownColumns(schema.fields, view.columns), [schema, view.columns?.join("\n")]);
  const columns = fields.map((field) => field.name);
  const limit = view.isWhole ? Number.MAX_SAFE_INTEGER : firstRowsMax;
  const filter = hasSelections ? view.filter : "";
  const { summaries, rowCount, isDone, error } = useSummaries({
    dataset: toReadDataset(dataset),
    columns: useCoveringColumns(schema.fields, columns),
    filter,
    limit,
  });
  useReloadOf(error, dataset);
  const { isLost } = useConnection();
  const isAll = isDone && !error && (rowCount < limit || rowCount === dataset.rowCount);
  const told = useStored(dataset, filter);
  // What has been seen of all rows says the same, and more.
  const stored = isAll ? noColumns : told;
  return (
    <section className="columns-tab" aria-label="Columns">
      <div className="toolbar">
        {hasSelections ? (
          <FilterBar fields={schema.fields} error={error} draft={undefined} />
        ) : (
          <span className="bar-space" />
        )}
        <ColumnsMenu fields={schema.fields} shown={columns} onChange={(columns) => navigate({ columns })} />
      </div>
      <p className="note" role="status">
        {(!error || rowCount > 0) && seenWords({ rowCount, isDone, isAll, total: dataset.rowCount, filter })}
        {stored.size > 0 && " Nulls and bounds are of all rows, where the file tells them."}
        {isDone && !isAll && !error && !view.isWhole && (
          <button type="button" className="quiet" onClick={() => navigate({ isWhole: true })}>
            Look at all rows
          </button>
        )}
      </p>
      {error && !isLost && !isWrongFilter(error, filter) && (
        <Failure what="The columns cannot be shown" error={error} retry={reload} />
      )}
      <ul className="column-list" tabIndex={0} aria-label="Columns, scrollable">
        {fields.map((field) => (
          <ColumnItem
            key={field.name}
            field={field}
            summary={summaries.get(field.name)}
            stored={stored.get(field.name)}
            hasStored={stored.size > 0}
            rowCount={dataset.rowCount}
            hasFilter={hasSelections}
          />
        ))}
      </ul>
    </section>
  );
}

interface ItemProps {
  readonly field: Field;
  readonly summary: ColumnSummary | undefined;
  /** What the file says of the column, over all of its rows. */
  readonly stored: StoredColumn | undefined;
  /** Whether it says something of columns, this one or others. */
  readonly hasStored: boolean;
  readonly rowCount: number | undefined;
  readonly hasFilter: boolean;
}

function ColumnItem({ field, summary, stored, hasStored, rowCount, hasFilter }: ItemProps) {
  const nulls = stored?.nullCount === undefined ? summary?.nullCount : stored.nullCount;
  const nullsOf = stored?.nullCount === undefined ? summary?.rowCount : rowCount;
  const [min, max] = stored?.min === undefined ? [summary?.min, summary?.max] : [stored.min, stored.max];
  const isSeen = [
    hasStored && stored?.nullCount === undefined && summary && "nulls",
    hasStored && stored?.min === undefined && summary?.min !== undefined && "least and greatest",
  ].filter(Boolean);
  const share = nulls !== undefined && nullsOf !== undefined ? formatShare(nulls, nullsOf) : "";
  return (
    <li className="column-item" aria-label={field.name}>
      <div className="column-name">
        <h2>{field.name}</h2>
        <span className="type">{formatType(field)}</span>
        {isSeen.length > 0 && <p className="hint">Of the rows looked at: {isSeen.join(", ")}</p>}
      </div>
      <dl>
        <Fact title="Nulls" text={share} />
        <Fact title="Least" text={boundWords(field, summary, min)} before={stored?.isCut ? "≥ " : ""} />
        <Fact title="Greatest" text={boundWords(field, summary, max)} before={stored?.isCut ? "≤ " : ""} />
      </dl>
      {summary && <DistributionView field={field} summary={summary} hasFilter={hasFilter} />}
    </li>
  );
}

interface FactProps {
  readonly title: string;
  readonly text: string;
  /** What stands before a text that is no more than near. */
  readonly before?: string;
}

function Fact({ title, text, before = "" }: FactProps) {
  return (
    <div>
      <dt>{title}</dt>
      <dd title={text} className={text === emptyWord ? "blank" : undefined}>
        {before + text}
      </dd>
    </div>
  );
}

const emptyWord = "empty";

/** A bound to be read; nothing until something has been seen. */
function boundWords({ type }: Field, summary: ColumnSummary | undefined, bound: string | undefined): string {
  if (bound === undefined) return summary ? "–" : "";
  return showBound(type, bound) || emptyWord;
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

interface Seen {
  readonly rowCount: number;
  readonly isDone: boolean;
  readonly isAll: boolean;
  readonly total: number | undefined;
  readonly filter: string;
}

/** Says what part of the rows has been looked at. */
function seenWords({ rowCount, isDone, isAll, total, filter }: Seen): string {
  const meet = filter === "" ? "" : " that meet the filter";
  if (isAll) return `Of all ${formatCounted(rowCount, "row")}${meet}.`;
  const share = filter === "" && total ? ` of ${formatCount(total)} (${formatShare(rowCount, total)})` : meet;
  return `Of the first ${formatCounted(rowCount, "row")}${share}${isDone ? "." : ", looking…"}`;
}

interface Summaries {
  readonly summaries: ReadonlyMap<string, ColumnSummary>;
  readonly rowCount: number;
  readonly isDone: boolean;
  readonly error: FlightError | undefined;
}

const nothing: Summaries = { summaries: new Map(), rowCount: 0, isDone: false, error: undefined };

/** What a worker needs to know of a dataset. */
function toReadDataset({ name, hasSelections, rowCount, changedMs, byteLength }: DatasetDescription): ReadDataset {
  return { name, hasSelections, rowCount, changedMs, byteLength };
}

/** Has a worker look at rows, so that the page stays quick; it ends when nobody needs it any more. */
function useSummaries(request: SummaryRequest): Summaries {
  const { epoch } = useConnection();
  const key = JSON.stringify(request);
  const [found, setFound] = useState({ key, summaries: nothing });
  useEffect(() => {
    const worker = new Worker(new URL("summarise.worker.ts", import.meta.url), { type: "module" });
    const show = (summaries: Summaries): void => setFound({ key, summaries });
    const fail = (code: FlightErrorCode, message: string): void => {
      const error = take(new FlightError(code, message));
      // What has been found stays, as long as the server cannot be reached.
      setFound((before) => {
        const kept = before.key === key && code === "unavailable" ? before.summaries : nothing;
        return { key, summaries: { ...kept, isDone: true, error } };
      });
    };
    worker.addEventListener("message", ({ data }: MessageEvent<SummaryReply>) => {
      if ("summaries" in data) show({ ...data, error: undefined });
      else fail(data.code as FlightErrorCode, data.message);
    });
    worker.addEventListener("error", () => fail("unavailable", "a part of this page could not be loaded"));
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    worker.postMessage(request);
    return () => worker.terminate();
  }, [key, epoch]);
  return found.key === key ? found.summaries : nothing;
}
