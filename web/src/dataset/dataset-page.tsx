import { Suspense, useEffect, useMemo, useRef } from "react";
import { missingDataset, type DatasetName, type FlightError } from "hangar/flight";
import { assertCurrent } from "../api/assert-current.ts";
import { describeDataset, type DatasetDescription } from "../api/describe-dataset.ts";
import { reload } from "../state/connection.ts";
import { currentView, freshView, useView } from "../state/navigate.ts";
import { say } from "../state/toast.ts";
import { useLoad } from "../state/use-load.ts";
import { useReturn } from "../state/use-return.ts";
import type { Tab } from "../state/view.ts";
import { formatAge, formatBytes, formatCounted } from "../ui/format.ts";
import { ErrorBoundary } from "../ui/error-boundary.tsx";
import { lazyPart, type LazyPart } from "../ui/lazy-part.tsx";
import { ViewLink } from "../ui/link.tsx";
import { usePageTitle } from "../ui/use-page-title.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { describedBy } from "../table/described-by.ts";
import { DatasetActions } from "./dataset-actions.tsx";
import "./dataset-page.css";

/** Views that are loaded when they are opened. */
const RowsTab = lazyPart(async () => (await import("./rows-tab.tsx")).RowsTab);
const ColumnsTab = lazyPart(async () => (await import("../columns/columns-tab.tsx")).ColumnsTab);
const SchemaTab = lazyPart(async () => (await import("../schema/schema-tab.tsx")).SchemaTab);
const PlotTab = lazyPart(async () => (await import("../plot/plot-tab.tsx")).PlotTab);

const tabs: readonly {
  readonly tab: Tab;
  readonly title: string;
  readonly part: LazyPart<{ dataset: DatasetDescription }>;
}[] = [
  { tab: "rows", title: "Rows", part: RowsTab },
  { tab: "columns", title: "Columns", part: ColumnsTab },
  { tab: "schema", title: "Schema and file", part: SchemaTab },
  { tab: "plot", title: "Plot", part: PlotTab },
];

/** Describes a dataset, and loads the view that it is shown in meanwhile. */
async function load(name: string, signal: AbortSignal): Promise<DatasetDescription> {
  const { part } = tabs.find(({ tab }) => tab === currentView().tab)!;
  const describing = describeDataset(name, signal);
  const reading = part === RowsTab ? readFirstRows(describing, signal).catch(() => {}) : undefined;
  const [dataset] = await Promise.all([describing, part.preload(), reading]);
  return dataset;
}

/** Reads the first rows. A failure shows when the view reads them. */
async function readFirstRows(describing: Promise<DatasetDescription>, signal: AbortSignal): Promise<void> {
  const { readAhead } = await import("../table/read-ahead.ts");
  await readAhead(await describing, currentView(), signal);
}

/** One dataset: what it is, and its rows, columns, file and plot. */
export function DatasetPage({ name }: { readonly name: string }) {
  const loaded = useLoad(name, (signal) => load(name, signal), isSameVersion);
  const dataset = loaded.status === "ready" ? loaded.value : undefined;
  useReplaced(dataset);
  const { tab } = useView();
  const error = loaded.status === "failed" ? loaded.error : undefined;
  usePageTitle(error ? failedTitle(name, error) : pageTitle(name, tab), loaded.status !== "loading");
  if (loaded.status === "loading") return <Loading isPage what={name} />;
  if (loaded.status === "failed" && loaded.error.code === "not_found") return <Missing name={name} />;
  if (loaded.status === "failed") {
    return <Failure isPage what={failedTitle(name, loaded.error)} error={loaded.error} retry={reload} />;
  }
  return (
    <main className="dataset-page">
      <Head dataset={loaded.value} />
      <Tabs />
      <ErrorBoundary key={tab}>
        <Suspense fallback={<Loading what="the view" />}>
          <Content dataset={loaded.value} />
        </Suspense>
      </ErrorBoundary>
    </main>
  );
}

/** Says when another version has come; looks for one whenever somebody comes back to the page. */
function useReplaced(dataset: DatasetDescription | undefined): void {
  const shown = useRef(dataset);
  useEffect(() => {
    const isAnother = shown.current !== undefined && shown.current !== dataset;
    shown.current = dataset;
    // A server that does not tell versions apart may have sent the same one again.
    if (dataset?.changedMs === undefined) return;
    if (isAnother) say(`${dataset.name} has been replaced`);
  }, [dataset]);
  const asked = useRef<AbortSignal>(undefined);
  useReturn(
    (signal) => {
      // A tab that is shown gets the focus as well: one question is enough.
      if (dataset === undefined || asked.current === signal) return;
      asked.current = signal;
      assertCurrent(dataset, signal)
        .catch(() => signal.aborted || reload())
        .finally(() => (asked.current = undefined));
    },
    [dataset],
  );
}

/** Whether nothing has been put in a dataset's place; where the server does not say when, nobody knows. */
function isSameVersion(before: DatasetDescription, now: DatasetDescription): boolean {
  return now.changedMs !== undefined && before.changedMs === now.changedMs && before.byteLength === now.byteLength;
}

function Head({ dataset }: { readonly dataset: DatasetDescription }) {
  const { name, rowCount, byteLength, changedMs, schema } = dataset;
  const description = describedBy(schema.metadata);
  const facts = [
    rowCount === undefined ? "rows not known" : formatCounted(rowCount, "row"),
    formatCounted(schema.fields.length, "column"),
    byteLength !== undefined && formatBytes(byteLength),
    changedMs !== undefined && `changed ${formatAge(changedMs, Date.now())}`,
  ];
  return (
    <div className="page-head">
      <h1 title={name} tabIndex={-1}>
        {name}
      </h1>
      <span className="facts">{facts.filter(Boolean).join(" · ")}</span>
      <DatasetActions dataset={dataset} />
      {description !== undefined && <p className="description">{description}</p>}
    </div>
  );
}

function Tabs() {
  const view = useView();
  return (
    <nav className="tabs" aria-label="Dataset views">
      {tabs.map(({ tab, title }) => (
        <ViewLink key={tab} to={{ ...view, tab }} aria-current={tab === view.tab ? "page" : undefined}>
          <span data-words={title}>{title}</span>
        </ViewLink>
      ))}
    </nav>
  );
}

function Content({ dataset }: { readonly dataset: DatasetDescription }) {
  const { tab } = useView();
  const { fields } = dataset.schema;
  const repeated = useMemo(() => findRepeated(fields.map(({ name }) => name)), [fields]);
  if (tab === "schema") return <SchemaTab dataset={dataset} />;
  if (fields.length === 0) return <Message title="This dataset has no columns" />;
  if (repeated !== undefined) {
    return (
      <Message title={`Several columns are named “${repeated}”`}>
        <p>A request cannot name one of them, so none is shown. You can download the whole dataset.</p>
      </Message>
    );
  }
  switch (tab) {
    case "rows":
      return <RowsTab dataset={dataset} />;
    case "columns":
      return <ColumnsTab dataset={dataset} />;
    case "plot":
      return <PlotTab dataset={dataset} />;
  }
}

function findRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}

/** The view of a dataset; its rows need no other name. */
function pageTitle(name: string, tab: Tab): string {
  const { title } = tabs.find((each) => each.tab === tab)!;
  return tab === "rows" ? name : `${title} · ${name}`;
}

function failedTitle(name: string, { code }: FlightError): string {
  return code === "not_found" ? missingTitle(name) : `${name} cannot be shown`;
}

/** The server's own text, so that it is in one place. */
function missingTitle(name: string): string {
  const { message } = missingDataset(name as DatasetName);
  return message[0]!.toUpperCase() + message.slice(1);
}

function Missing({ name }: { readonly name: string }) {
  return (
    <Message isPage title={missingTitle(name)}>
      <p>It may have been deleted, or have another name.</p>
      <ViewLink to={freshView(undefined)} className="button">
        All datasets
      </ViewLink>
    </Message>
  );
}
