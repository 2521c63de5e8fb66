import { useEffect } from "react";
import { describeDataset, type DatasetDescription } from "../api/describe-dataset.ts";
import { freshView, useView } from "../state/store.ts";
import { useLoad } from "../state/use-load.ts";
import type { Tab } from "../state/view.ts";
import { formatAge, formatBytes, formatCounted } from "../ui/format.ts";
import { ViewLink } from "../ui/link.tsx";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { ColumnsTab } from "../columns/columns-tab.tsx";
import { PlotTab } from "../plot/plot-tab.tsx";
import { SchemaTab } from "../schema/schema-tab.tsx";
import { DatasetActions } from "./dataset-actions.tsx";
import { RowsTab } from "./rows-tab.tsx";

const tabs: readonly { readonly tab: Tab; readonly title: string }[] = [
  { tab: "rows", title: "Rows" },
  { tab: "columns", title: "Columns" },
  { tab: "schema", title: "Schema and file" },
  { tab: "plot", title: "Plot" },
];

/** One dataset: what it is, and its rows, columns, file and plot. */
export function DatasetPage({ name }: { readonly name: string }) {
  const loaded = useLoad(name, (signal) => describeDataset(name, signal), isSameVersion);
  useEffect(() => {
    document.title = `${name} · Hangar`;
  }, [name]);
  if (loaded.status === "loading") return <Loading what={name} />;
  if (loaded.status === "failed" && loaded.error.code === "not_found") return <Missing name={name} />;
  if (loaded.status === "failed") return <Failure what={`${name} cannot be shown`} error={loaded.error} />;
  return (
    <main className="dataset-page">
      <Head dataset={loaded.value} />
      <Tabs />
      <Content dataset={loaded.value} />
    </main>
  );
}

/** Whether nothing has been put in a dataset's place; where the server does not say when, nobody knows. */
function isSameVersion(before: DatasetDescription, now: DatasetDescription): boolean {
  return now.changedMs !== undefined && before.changedMs === now.changedMs && before.byteLength === now.byteLength;
}

function Head({ dataset }: { readonly dataset: DatasetDescription }) {
  const { name, rowCount, byteLength, changedMs, schema } = dataset;
  const facts = [
    rowCount === undefined ? "rows not known" : formatCounted(rowCount, "row"),
    formatCounted(schema.fields.length, "column"),
    byteLength !== undefined && formatBytes(byteLength),
    changedMs !== undefined && `changed ${formatAge(changedMs, Date.now())}`,
  ];
  return (
    <div className="page-head">
      <h1 title={name}>{name}</h1>
      <span className="facts">{facts.filter(Boolean).join(" · ")}</span>
      <DatasetActions dataset={dataset} />
    </div>
  );
}

function Tabs() {
  const view = useView();
  return (
    <nav className="tabs" aria-label="What of the dataset">
      {tabs.map(({ tab, title }) => (
        <ViewLink key={tab} to={{ ...view, tab }} aria-current={tab === view.tab ? "page" : undefined}>
          {title}
        </ViewLink>
      ))}
    </nav>
  );
}

function Content({ dataset }: { readonly dataset: DatasetDescription }) {
  switch (useView().tab) {
    case "rows":
      return <RowsTab dataset={dataset} />;
    case "columns":
      return <ColumnsTab dataset={dataset} />;
    case "schema":
      return <SchemaTab dataset={dataset} />;
    case "plot":
      return <PlotTab dataset={dataset} />;
  }
}

function Missing({ name }: { readonly name: string }) {
  return (
    <Message title={`There is no dataset “${name}”`}>
      <p>It may have been dropped, or have another name.</p>
      <ViewLink to={freshView(undefined)} className="button">
        All datasets
      </ViewLink>
    </Message>
  );
}
