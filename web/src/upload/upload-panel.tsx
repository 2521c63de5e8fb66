import { useEffect, useRef } from "react";
import { freshView } from "../state/navigate.ts";
import { focusHome } from "../ui/focus.ts";
import { formatBytes } from "../ui/format.ts";
import { ViewLink } from "../ui/link.tsx";
import { rateOf } from "./upload-names.ts";
import {
  canSendAgain,
  clear,
  isUnderWay,
  remove,
  rename,
  send,
  sendFailed,
  sendNew,
  useUploads,
  type Upload,
} from "./uploads.ts";
import "./upload-panel.css";

/** The files that have been chosen, each with its name, and how far it has come. */
export function UploadPanel() {
  const uploads = useUploads();
  const panel = useRef<HTMLElement>(null);
  const known = useRef(0);
  useEffect(() => {
    // Whoever has chosen files goes on with them.
    if (uploads.length > known.current) panel.current?.focus({ preventScroll: true });
    known.current = uploads.length;
  }, [uploads.length]);
  if (uploads.length === 0) return null;
  const count = (status: Upload["status"]): number => uploads.filter((upload) => upload.status === status).length;
  const [newCount, failedCount] = [count("new"), count("failed")];
  return (
    <aside className="upload-panel" aria-label="Uploads" ref={panel} {...focusHome}>
      <div className="upload-head">
        <h2>Uploads</h2>
        <span className="facts" role="status">
          {summary(uploads.length, count("done"), failedCount)}
        </span>
        {newCount > 0 && (
          <button type="button" className="primary" onClick={sendNew}>
            {newCount === 1 ? "Upload" : `Upload ${newCount} files`}
          </button>
        )}
        {uploads.filter(canSendAgain).length > 1 && (
          <button type="button" onClick={sendFailed}>
            Try all again
          </button>
        )}
        {newCount === 0 && !uploads.every(isUnderWay) && (
          <button type="button" className="quiet" onClick={clear}>
            Clear
          </button>
        )}
      </div>
      <ul>
        {uploads.map((upload) => (
          <UploadItem key={upload.id} upload={upload} />
        ))}
      </ul>
    </aside>
  );
}

/** What has come of the files, once something has. */
function summary(count: number, doneCount: number, failedCount: number): string {
  if (doneCount + failedCount === 0) return "";
  return `${doneCount} of ${count} stored${failedCount > 0 ? `, ${failedCount} failed` : ""}`;
}

function UploadItem({ upload }: { readonly upload: Upload }) {
  const { id, file, name, status, error } = upload;
  const item = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // The name is to be changed, or the button after it pressed; whoever is elsewhere stays there.
    if (status !== "exists" || !document.activeElement?.matches(".upload-panel, .upload-panel li")) return;
    item.current?.querySelector("input")?.focus();
  }, [status]);
  return (
    <li ref={item} aria-label={file.name} {...focusHome}>
      <div className="upload-name">
        {status === "done" ? (
          <ViewLink to={freshView(name)}>{name}</ViewLink>
        ) : (
          <input
            aria-label={`Name of the dataset of ${file.name}`}
            value={name}
            disabled={isUnderWay(upload)}
            onChange={(event) => rename(id, event.target.value)}
            onKeyDown={(event) => event.key === "Enter" && !event.nativeEvent.isComposing && send(id, upload.mode)}
          />
        )}
        <button
          type="button"
          className="quiet"
          aria-label={isUnderWay(upload) ? `Cancel ${name}` : `Remove ${name} from the list`}
          onClick={() => remove(id)}
        >
          ✕
        </button>
      </div>
      <div className="upload-state">
        <span role={status === "exists" ? "alert" : undefined}>{words(upload)}</span>
        {canSendAgain(upload) && (
          <button type="button" onClick={() => send(id, upload.mode)}>
            Try again
          </button>
        )}
        {status === "exists" && (
          <button type="button" className="danger" onClick={() => send(id, "replace")}>
            Replace it
          </button>
        )}
      </div>
      {status === "sending" && <progress aria-label={`Progress of ${name}`} max={file.size} value={upload.sentBytes} />}
      {status === "failed" && (
        <p className="filter-error" role="alert">
          {error?.message}
        </p>
      )}
    </li>
  );
}

function words(upload: Upload): string {
  const { file, status, sentBytes, startedMs, name } = upload;
  switch (status) {
    case "new":
      return formatBytes(file.size);
    case "waiting":
      return "Waits for its turn";
    case "sending": {
      if (sentBytes === file.size) return "Being stored";
      const rate = rateOf({ sentBytes, totalBytes: file.size, elapsedMs: performance.now() - startedMs });
      const sent = `${formatBytes(sentBytes)} of ${formatBytes(file.size)}`;
      return rate ? `${sent}, ${formatBytes(Math.round(rate.bytesPerSecond))}/s, ${rate.secondsLeft} s left` : sent;
    }
    case "exists":
      return `There is a dataset ${name}: replace it, or change the name`;
    case "failed":
      return "Failed";
    case "done":
      return `Stored, ${formatBytes(file.size)}`;
  }
}
