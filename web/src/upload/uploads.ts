import { FlightError, parseDatasetName, toFlightError, type PutMode } from "hangar/flight";
import { reload } from "../state/connection.ts";
import { currentView } from "../state/navigate.ts";
import { createObserved, useObserved } from "../state/observed.ts";
import { loadPart, take } from "../state/use-load.ts";
import { nameFor, readFileKind } from "./upload-names.ts";

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

const uploads = createObserved<readonly Upload[]>([]);
let nextId = 1;

// Whoever leaves the page ends what is on its way.
addEventListener("beforeunload", (event) => {
  if (uploads.get().some(isUnderWay)) event.preventDefault();
});

/** All uploads, in the order that they were chosen in. */
export function useUploads(): readonly Upload[] {
  return useObserved(uploads);
}

/** Whether a file is being sent, or will be without that anybody does anything. */
export function isUnderWay({ status }: Upload): boolean {
  return status === "waiting" || status === "sending";
}

/** Takes files, to be named and sent. */
export function addFiles(files: Iterable<File>): void {
  const added = [...files].map((file): Upload => {
    const leaving = new AbortController();
    const common = { status: "new", mode: "create", sentBytes: 0, startedMs: 0 } as const;
    return { id: nextId++, file, name: nameFor(file.name), ...common, leaving };
  });
  uploads.set([...uploads.get(), ...added]);
  for (const upload of added) void refuseUnknown(upload);
}

/** Says at once of a file that no server takes it. What cannot be read fails when it is sent. */
async function refuseUnknown({ id, file }: Upload): Promise<void> {
  try {
    await readFileKind(file);
  } catch (reason) {
    if (reason instanceof FlightError && find(id)?.status === "new") change(id, { status: "failed", error: reason });
  }
}

/** Gives a file that has not been sent another name. */
export function rename(id: number, name: string): void {
  change(id, { name, status: "new", error: undefined });
  const upload = find(id);
  if (upload) void refuseUnknown(upload);
}

/** Sends a file as soon as there is room; it replaces a dataset only where `mode` says so. */
export function send(id: number, mode: PutMode): void {
  change(id, { status: "waiting", mode, sentBytes: 0, error: undefined, leaving: new AbortController() });
  advance();
}

/** Errors that the same file under the same name gets again, whenever it is sent. */
const lastingCodes: readonly string[] = ["invalid_argument", "unimplemented", "out_of_range", "data_loss"];

/** Whether a file has failed, and may be stored if it is sent once more as it is. */
export function canSendAgain({ status, error }: Upload): boolean {
  return status === "failed" && !lastingCodes.includes(error?.code ?? "");
}

/** Sends all files that have not been sent, in the way that was meant for each. */
export function sendNew(): void {
  for (const upload of uploads.get()) if (upload.status === "new") send(upload.id, upload.mode);
}

/** Sends all files again that have failed, and may be stored then. */
export function sendFailed(): void {
  for (const upload of uploads.get()) if (canSendAgain(upload)) send(upload.id, upload.mode);
}

/** Ends an upload, of which the server keeps nothing, or takes one out of the list. */
export function remove(id: number): void {
  find(id)?.leaving.abort();
  uploads.set(uploads.get().filter((upload) => upload.id !== id));
  advance();
}

/** Takes those out of the list that are not under way. */
export function clear(): void {
  uploads.set(uploads.get().filter(isUnderWay));
}

function advance(): void {
  const room = sendingMax - uploads.get().filter(({ status }) => status === "sending").length;
  const waiting = uploads.get().filter(({ status }) => status === "waiting");
  for (const upload of waiting.slice(0, Math.max(0, room))) void run(upload);
}

async function run({ id, file, name, mode, leaving }: Upload): Promise<void> {
  change(id, { status: "sending", startedMs: performance.now() });
  try {
    const dataset = parseDatasetName(name.trim());
    change(id, { name: dataset });
    // What sends brings apache-arrow along, which nobody needs who only looks.
    const { sendFile } = await loadPart(import("./send-file.ts"));
    const onProgress = (sentBytes: number): void => change(id, { sentBytes: Math.min(sentBytes, file.size) });
    await sendFile(file, dataset, { mode, signal: leaving.signal, onProgress });
    change(id, { status: "done", sentBytes: file.size });
    const shown = currentView().dataset;
    if (shown === undefined || shown === dataset) reload();
  } catch (reason) {
    const isThere = toFlightError(reason).code === "already_exists";
    if (!leaving.signal.aborted) change(id, { status: isThere ? "exists" : "failed", error: take(reason) });
  }
  advance();
}

function find(id: number): Upload | undefined {
  return uploads.get().find((upload) => upload.id === id);
}

function change(id: number, fields: Partial<Upload>): void {
  uploads.set(uploads.get().map((upload) => (upload.id === id ? { ...upload, ...fields } : upload)));
}
