import { useEffect, useRef, useState } from "react";
import { addFiles } from "./uploads.ts";
import "./drop-zone.css";

/** The button that chooses files, and the whole page as a place to drop them on. */
export function DropZone() {
  const input = useRef<HTMLInputElement>(null);
  const isOver = useFileDrop();
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        Upload
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label="Files to upload"
        accept=".parquet,.arrow,.arrows,.feather,.ipc"
        onChange={({ target }) => {
          addFiles(target.files ?? []);
          target.value = "";
        }}
      />
      {isOver && (
        <div className="drop-zone">
          <p>Drop Parquet or Arrow files to upload them</p>
        </div>
      )}
    </>
  );
}

/** Whether files are held over the page; those that are dropped are taken. */
function useFileDrop(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const leaving = new AbortController();
    const { signal } = leaving;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const hold = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      addFiles(event.dataTransfer?.files ?? []);
    };
    addEventListener("dragenter", hold, { signal });
    addEventListener("dragover", hold, { signal });
    addEventListener("dragleave", leave, { signal });
    addEventListener("drop", drop, { signal });
    return () => leaving.abort();
  }, []);
  return isOver;
}
