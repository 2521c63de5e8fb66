import { useEffect, useId, useRef, useState } from "react";
import { isFolderPattern, type FlightError } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { describeActions } from "../api/describe-actions.ts";
import { dropDataset } from "../api/drop-dataset.ts";
import type { FileUrlOptions } from "hangar";
import { fileUrl } from "../api/file-url.ts";
import { reload } from "../state/connection.ts";
import { freshView, navigate, useView } from "../state/navigate.ts";
import { say } from "../state/toast.ts";
import { take, useLoad } from "../state/use-load.ts";
import { storedColumns } from "../selection/column-fields.ts";
import { shownColumns } from "../selection/shown-columns.ts";
import { UseData } from "../use-data/use-data.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Foldable } from "../ui/foldable.tsx";
import "./dataset-actions.css";

/** What can be done with a dataset besides looking at it. */
export function DatasetActions({ dataset }: { readonly dataset: DatasetDescription }) {
  const [isDropping, setDropping] = useState(false);
  const loaded = useLoad("actions", describeActions);
  const { hasFile, hasDrop } = loaded.status === "ready" ? loaded.value : { hasFile: false, hasDrop: false };
  return (
    <Foldable title="Actions" className="dataset-actions">
      <UseData dataset={dataset} hasFile={hasFile} />
      {hasFile && <DownloadMenu dataset={dataset} />}
      {hasDrop && !isFolderPattern(dataset.name) && (
        <button type="button" onClick={() => setDropping(true)}>
          Delete…
        </button>
      )}
      {isDropping && <DropDialog name={dataset.name} onClose={() => setDropping(false)} />}
    </Foldable>
  );
}

const formats: readonly {
  readonly format: FileUrlOptions["format"];
  readonly title: string;
  readonly extension: string;
}[] = [
  { format: "parquet", title: "Parquet", extension: "parquet" },
  { format: "arrow", title: "Arrow stream", extension: "arrows" },
  { format: "csv", title: "CSV", extension: "csv" },
  { format: "ndjson", title: "JSON lines", extension: "ndjson" },
];

/** Links to the dataset as a file: whole as it lies, or the rows and columns that are seen in other formats. */
function DownloadMenu({ dataset: { name, schema } }: { readonly dataset: DatasetDescription }) {
  const { columns: asked, filter } = useView();
  const shownNames = asked && shownColumns(schema.fields, asked).map((field) => field.name);
  const columns = shownNames && storedColumns(schema.fields, shownNames);
  const id = useId();
  const isFolder = isFolderPattern(name);
  const file = name.split("/").findLast((segment) => !isFolderPattern(segment)) ?? "datasets";
  const isPart = columns !== undefined || filter !== "";
  const shown = isPart ? { columns, filter: filter || undefined } : {};
  const [isRefused, setRefused] = useState(false);
  // A download that is refused says nothing to whoever has clicked it.
  const look = async (): Promise<void> => {
    const response = await fetch(fileUrl(name, { format: "csv", ...shown }), { method: "HEAD" });
    setRefused(response.status === 400);
  };
  return (
    <>
      <button type="button" popoverTarget={id} onClick={() => void look().catch(take)}>
        Download
      </button>
      <div id={id} popover="auto" className="menu">
        <p className="hint">{isPart ? "The columns and rows as seen, in their stored order" : "The whole dataset"}</p>
        {isRefused && (
          <p className="filter-error" role="alert">
            The server does not understand the filter.
          </p>
        )}
        {(isRefused ? [] : formats).map(({ format, title, extension }) => (
          <a
            key={format}
            href={fileUrl(name, { format, ...shown })}
            download={`${file.replace(/\.parquet$/, "")}.${extension}`}
          >
            {title}
          </a>
        ))}
        {isPart && !isFolder && (
          <>
            <p className="hint">The whole dataset</p>
            <a href={fileUrl(name, { format: "parquet" })} download={file}>
              Parquet, as it is stored
            </a>
          </>
        )}
      </div>
    </>
  );
}

function DropDialog({ name, onClose }: { readonly name: string; onClose(): void }) {
  const [error, setError] = useState<FlightError>();
  const [isBusy, setBusy] = useState(false);
  const isShown = useRef(true);
  useEffect(() => {
    isShown.current = true;
    return () => void (isShown.current = false);
  }, []);
  const drop = async (): Promise<void> => {
    setBusy(true);
    try {
      await dropDataset(name);
      say(`Deleted ${name}`);
      // Whoever has gone on meanwhile is left where they are.
      if (isShown.current) navigate(freshView(undefined));
      reload();
    } catch (reason) {
      const failure = take(reason);
      if (!isShown.current) say(`${name} was not deleted: ${failure.message}`);
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={`Delete ${name}?`}
      isQuestion
      onClose={onClose}
      actions={
        <>
          <button type="button" onClick={onClose} autoFocus>
            Keep it
          </button>
          <button type="button" className="danger" disabled={isBusy} onClick={() => void drop()}>
            Delete it
          </button>
        </>
      }
    >
      <p>The dataset is deleted from the server for everybody. This cannot be undone.</p>
      {error && (
        <p className="filter-error" role="alert">
          {error.message}
        </p>
      )}
    </Dialog>
  );
}
