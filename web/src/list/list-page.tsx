import { useMemo } from "react";
import { folderPatternOf } from "hangar/flight";
import { listDatasets } from "../api/list-datasets.ts";
import { reload, reloadSoon } from "../state/connection.ts";
import { freshView, navigate, useView } from "../state/navigate.ts";
import { useLoad } from "../state/use-load.ts";
import { useReturn } from "../state/use-return.ts";
import { formatBytes, formatCount, formatCounted } from "../ui/format.ts";
import { ViewLink } from "../ui/link.tsx";
import { usePageTitle } from "../ui/use-page-title.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { Breadcrumbs } from "./breadcrumbs.tsx";
import { DatasetList } from "./dataset-list.tsx";
import { EmptyList } from "./empty-list.tsx";
import { entriesBelow, findFolder, nestEntries, type Folder } from "./folders.ts";
import { rowsOfDatasets, rowsOfFolder, type ListRow } from "./list-rows.ts";
import { useOpenFolders } from "./open-folders.ts";
import { searchEntries } from "./order-entries.ts";
import { suggestSearch } from "./suggest-search.ts";
import { folderView } from "./view-of.ts";

/** The datasets of the server, or of one of its folders: to search, order and open. */
export function ListPage() {
  const { folder } = useView();
  const loaded = useLoad("datasets", listDatasets);
  const entries = loaded.status === "ready" ? loaded.value.entries : undefined;
  const root = useMemo(() => nestEntries(entries ?? []), [entries]);
  const shown = findFolder(root, folder);
  usePageTitle(titleOf(loaded.status, folder, shown), loaded.status !== "loading");
  useReturn(reloadSoon, []);
  if (loaded.status === "loading") return <Loading isPage what="the list of datasets" />;
  if (loaded.status === "failed") return <Failure isPage what={failedTitle} error={loaded.error} retry={reload} />;
  if (root.datasetCount === 0) return <EmptyList hasFiles={loaded.value.hasFiles} />;
  if (shown === undefined) return <MissingFolder folder={folder} />;
  return <FolderPage root={root} shown={shown} isReadAsOne={loaded.value.hasFiles} />;
}

const failedTitle = "The datasets cannot be listed";

function titleOf(status: string, folder: string, shown: Folder | undefined): string {
  if (status === "failed") return failedTitle;
  return status === "ready" && shown === undefined ? missingTitle(folder) : folder || "Datasets";
}

function missingTitle(folder: string): string {
  return `There is no folder “${folder}”`;
}

interface FolderPageProps {
  readonly root: Folder;
  readonly shown: Folder;
  /** Whether the server reads all datasets of a folder as one. */
  readonly isReadAsOne: boolean;
}

function FolderPage({ root, shown, isReadAsOne }: FolderPageProps) {
  const { search, order } = useView();
  const rows = useRows(root, shown);
  const { datasetCount, byteLength } = shown;
  const isNothing = rows.length === 0;
  const suggested = useMemo(
    () => (isNothing ? suggestSearch(entriesBelow(shown), search, startOf(shown)) : undefined),
    [isNothing, shown, search],
  );
  return (
    <main className="list-page">
      <div className="page-head">
        <Breadcrumbs folder={shown.name} />
        <span className="facts" role="status">
          {search === ""
            ? `${formatCounted(datasetCount, "dataset")}${byteLength === undefined ? "" : ` · ${formatBytes(byteLength)}`}`
            : `${formatCount(rows.length)} of ${formatCounted(datasetCount, "dataset")}`}
        </span>
        {isReadAsOne && shown.name !== "" && shown.datasetCount > 1 && (
          <ViewLink to={freshView(folderPatternOf(shown.name))}>All files of this folder as one dataset</ViewLink>
        )}
        <div className="list-tools">
          <input
            type="search"
            aria-label="Search datasets by name"
            placeholder={shown.name === "" ? "Search by name" : "Search in this folder"}
            value={search}
            onChange={(event) => navigate({ search: event.target.value }, { replace: true })}
          />
          <button type="button" onClick={reload}>
            Refresh
          </button>
        </div>
      </div>
      {rows.length > 0 ? (
        <DatasetList rows={rows} order={order} />
      ) : (
        <Message title={`No dataset has “${search}” in its name`}>
          {suggested !== undefined && (
            <p>
              Did you mean{" "}
              <button
                type="button"
                className="quiet"
                onClick={() => navigate({ search: suggested }, { replace: true })}
              >
                {suggested}
              </button>
              ?
            </p>
          )}
          <button type="button" onClick={() => navigate({ search: "" }, { replace: true })}>
            Show all
          </button>
        </Message>
      )}
    </main>
  );
}

/** Where the names in a folder begin. */
function startOf({ name }: Folder): number {
  return name === "" ? 0 : name.length + 1;
}

/** The rows to show: those of the folder, or what the search finds in it and below it. */
function useRows(root: Folder, shown: Folder): readonly ListRow[] {
  const { search, order } = useView();
  const isOpen = useOpenFolders(root.datasetCount);
  const start = startOf(shown);
  const found = useMemo(() => {
    if (search.trim() === "") return undefined;
    return rowsOfDatasets(searchEntries(entriesBelow(shown), search, start), start, 1, order);
  }, [shown, search, order, start]);
  return useMemo(() => found ?? rowsOfFolder(shown, { order, isOpen }), [found, shown, order, isOpen]);
}

function MissingFolder({ folder }: { readonly folder: string }) {
  return (
    <Message isPage title={missingTitle(folder)}>
      <p>Its datasets may have been deleted, or have other names.</p>
      <ViewLink to={folderView("")} className="button">
        All datasets
      </ViewLink>
    </Message>
  );
}
