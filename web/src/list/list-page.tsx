import { useEffect, useMemo } from "react";
import { listDatasets } from "../api/list-datasets.ts";
import { reload } from "../state/connection.ts";
import { navigate, useView } from "../state/navigate.ts";
import { useLoad } from "../state/use-load.ts";
import { formatCount, formatCounted } from "../ui/format.ts";
import { Failure, Loading, Message } from "../ui/message.tsx";
import { DatasetList } from "./dataset-list.tsx";
import { EmptyList } from "./empty-list.tsx";
import { orderEntries } from "./order-entries.ts";

/** All datasets of the server, to search, order and open. */
export function ListPage() {
  const { search, order } = useView();
  const loaded = useLoad("datasets", listDatasets);
  const entries = loaded.status === "ready" ? loaded.value.entries : undefined;
  const found = useMemo(() => orderEntries(entries ?? [], search, order), [entries, search, order]);
  useEffect(() => {
    const look = (): void => void (document.visibilityState === "visible" && reload());
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  useEffect(() => {
    document.title = "Datasets · Hangar";
  }, []);
  if (loaded.status === "loading") return <Loading isPage what="the list of datasets" />;
  if (loaded.status === "failed")
    return <Failure isPage what="The datasets cannot be listed" error={loaded.error} retry={reload} />;
  const { entries: all, hasFiles } = loaded.value;
  if (all.length === 0) return <EmptyList hasFiles={hasFiles} />;
  return (
    <main className="list-page">
      <div className="page-head">
        <h1>Datasets</h1>
        <span className="facts" role="status">
          {search === ""
            ? formatCounted(found.length, "dataset")
            : `${formatCount(found.length)} of ${formatCounted(all.length, "dataset")}`}
        </span>
        <input
          type="search"
          aria-label="Search datasets by name"
          placeholder="Search by name"
          value={search}
          onChange={(event) => navigate({ search: event.target.value }, { replace: true })}
        />
      </div>
      {found.length > 0 ? (
        <DatasetList entries={found} order={order} />
      ) : (
        <Message title={`No dataset has “${search}” in its name`}>
          <button type="button" onClick={() => navigate({ search: "" }, { replace: true })}>
            Show all
          </button>
        </Message>
      )}
    </main>
  );
}
