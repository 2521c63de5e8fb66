import { useSyncExternalStore } from "react";
import { toFlightError, type FlightError, type PutMode } from "hangar/flight";
import { reload } from "../state/store.ts";
import { take } from "../state/use-load.ts";
import { nameFor } from "./upload-names.ts";

/** A file on its way to be a dataset. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  readonly name: string;
  readonly status: "new" | "waiting" | "sending" | "exists" | "failed" | "done";
  readonly mode: PutMode;
  readonly sentBytes: number;
  readonly startedMs: number;
  readonly error?: FlightError | undefined;
  readonly leaving: AbortController;
}

/** Files that are sent at once; the browser has six connections, and the page needs some of them. */
const sendingMax = 2;

let uploads: readonly Upload[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

/** All uploads, in the order that they were chosen in. */
export function useUploads(): readonly Upload[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => uploads,
  );
}

/** Takes files, to be named and sent. */
export function addFiles(files: Iterable<File>): void {
  const added = [...files].map((file): Upload => {
    const leaving = new AbortController();
    const common = { status: "new", mode: "create", sentBytes: 0, startedMs: 0 } as const;
    return { id: nextId++, file, name: nameFor(file.name), ...common, leaving };
  });
  set([...uploads, ...added]);
}

/** Gives a file that has not been sent another name. */
export function rename(id: number, name: string): void {
  change(id, { name, status: "new", error: undefined });
}

/** Sends a file as soon as there is room; it replaces a dataset only where `mode` says so. */
export function send(id: number, mode: PutMode): void {
  change(id, { status: "waiting", mode, sentBytes: 0, error: undefined, leaving: new AbortController() });
  advance();
}

/** Sends all files that have not been sent. */
export function sendAll(): void {
  for (const { id, status } of uploads) if (status === "new") send(id, "create");
}

/** Ends an upload, of which the server keeps nothing, or takes one out of the list. */
export function remove(id: number): void {
  uploads.find((upload) => upload.id === id)?.leaving.abort();
  set(uploads.filter((upload) => upload.id !== id));
  advance();
}

/** Takes those that are done out of the list. */
export function clearDone(): void {
  set(uploads.filter(({ status }) => status !== "done"));
}

function advance(): void {
  const room = sendingMax - uploads.filter(({ status }) => status === "sending").length;
  const waiting = uploads.filter(({ status }) => status === "waiting").slice(0, Math.max(0, room));
  for (const upload of waiting) void run(upload);
}

async function run({ id, file, name, mode, leaving }: Upload): Promise<void> {
  change(id, { status: "sending", startedMs: performance.now() });
  try {
    // What sends brings apache-arrow along, which nobody needs who only looks.
    const { sendFile } = await import("./send-file.ts");
    const onProgress = (sentBytes: number): void => change(id, { sentBytes: Math.min(sentBytes, file.size) });
    await sendFile(file, name, { mode, signal: leaving.signal, onProgress });
    change(id, { status: "done", sentBytes: file.size });
    reload();
  } catch (reason) {
    const isThere = toFlightError(reason).code === "already_exists";
    if (!leaving.signal.aborted) change(id, { status: isThere ? "exists" : "failed", error: take(reason) });
  }
  advance();
}

function change(id: number, fields: Partial<Upload>): void {
  set(uploads.map((upload) => (upload.id === id ? { ...upload, ...fields } : upload)));
}

function set(next: readonly Upload[]): void {
  uploads = next;
  for (const listener of listeners) listener();
}
