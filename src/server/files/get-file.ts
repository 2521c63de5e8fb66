import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { FlightError, type FlightFrame, quoteName } from "../../flight/index.ts";
import {
  type CallContext,
  type DatasetFiles,
  type OpenBytes,
  type OpenDatasetFile,
  restartCountMax,
} from "../../producer/index.ts";
import type { CsvOptions } from "../../rows/index.ts";
import { parseRange } from "./byte-range.ts";
import type { FileQuery } from "./file-query.ts";
import { contentDispositionOf } from "./content-disposition.ts";
import { compressAnswer, pickCoding } from "./compress-answer.ts";
import { assertCsvOptions, encodeRows, fileFormats, pickFormat, type FileFormat } from "./formats.ts";
import { entityTagOf, appliesRange, judgePreconditions } from "../http/preconditions.ts";

/** A request for a file, or for a selection of its rows. */
export interface FileRequest extends FileQuery {
  /** Whether the answer has no body. */
  readonly isHead: boolean;
}

/**
 * Handles GET and HEAD. The response is the stored file, or a selection of it in another format. If the dataset is
 * replaced before its first bytes are read, the new version is read.
 *
 * @throws FlightError as `DatasetFiles.openFile` and `OpenDatasetFile.readRows`, also while the body is read
 */
export async function getFile(
  files: DatasetFiles,
  context: CallContext,
  asked: FileRequest,
): Promise<UniversalServerResponse> {
  for (let restartCount = 0; ; restartCount++) {
    try {
      return await getCurrentFile(files, context, asked);
    } catch (reason) {
      const isReplaced = reason instanceof FlightError && reason.code === "aborted";
      if (!isReplaced || restartCount === restartCountMax) throw reason;
    }
  }
}

async function getCurrentFile(
  files: DatasetFiles,
  context: CallContext,
  asked: FileRequest,
): Promise<UniversalServerResponse> {
  const { requestHeader } = context;
  const { isHead } = asked;
  const accept = requestHeader.get("accept");
  // A wrong format is refused before the dataset is opened.
  pickFormat({ format: asked.format, accept, isPart: asked.isPart });
  const file = await files.openFile(context, asked.name, asked.version ?? undefined);
  let isLeftOpen = false;
  try {
    // All rows of a folder are no file either.
    const query = { ...asked, isPart: asked.isPart || file.isFolder === true };
    const format = pickFormat({ format: query.format, accept, isPart: query.isPart });
    if (format === undefined) return { status: 406, header: new Headers({ vary: "accept, accept-encoding, origin" }) };
    assertCsvOptions(query.csv, format);
    if (query.version !== null && query.version !== file.version) {
      const words = `dataset ${quoteName(query.name)} was replaced by another version`;
      throw new FlightError("failed_precondition", words);
    }
    const header = describe(file, query, format);
    const validators = { entityTag: header.get("etag")!, changed: file.changed };
    const verdict = judgePreconditions(requestHeader, validators);
    if (verdict === "failed") return { status: 412, header };
    if (verdict === "not modified") return { status: 304, header };
    header.set("content-type", fileFormats[format].mediaTypes[0]);
    header.set("content-disposition", contentDispositionOf(query.name, format));
    if (isFile(query, format) && !isHead && file.createDownloadUrl)
      return await redirect(file.createDownloadUrl, header);
    const response = isFile(query, format)
      ? answerBytes(file, requestHeader, header)
      : await answerRows(file, { format, csv: query.csv, rows: file.readRows(query.selection), isHead }, header);
    const coding = response.status === 200 ? pickCoding(requestHeader.get("accept-encoding"), format) : undefined;
    const coded = (answer: UniversalServerResponse): UniversalServerResponse =>
      coding === undefined ? answer : compressAnswer(answer, coding);
    if (isHead || response.body === undefined) return coded({ status: response.status, header });
    const body = await begun(response.body, 1);
    isLeftOpen = true;
    return coded({ ...response, body: thenClosed(body, file) });
  } finally {
    if (!isLeftOpen) await file.close();
  }
}

/** Sends the client to the storage. The URL is good for a short time, and for whoever knows it. */
async function redirect(
  createUrl: NonNullable<OpenDatasetFile["createDownloadUrl"]>,
  header: Headers,
): Promise<UniversalServerResponse> {
  const [contentType, contentDisposition] = [header.get("content-type")!, header.get("content-disposition")!];
  header.set("location", await createUrl({ contentType, contentDisposition }));
  header.set("cache-control", "no-store");
  for (const name of ["content-type", "content-disposition", "etag", "last-modified"]) header.delete(name);
  return { status: 307, header };
}

/** Whether the response is the stored file. */
function isFile({ isPart }: FileQuery, format: FileFormat): boolean {
  return format === "parquet" && !isPart;
}

interface AskedRows {
  readonly format: FileFormat;
  readonly csv: CsvOptions;
  readonly rows: AsyncIterable<FlightFrame>;
  readonly isHead: boolean;
}

/** Encodes rows. A Parquet file is written completely first, because its footer is at the end. */
async function answerRows(file: OpenDatasetFile, asked: AskedRows, header: Headers): Promise<UniversalServerResponse> {
  const { format, csv, rows, isHead } = asked;
  if (isHead) return { status: 200, header };
  // The schema is known without reading rows, so a replacement shows only when the first batch is read.
  if (format !== "parquet") {
    return { status: 200, header, body: withTurns(encodeRows(format, await begun(rows, 2), csv)) };
  }
  const written = await file.writeParquet(rows);
  header.set("content-length", String(written.byteLength));
  return { status: 200, header, body: thenClosed(written.readBytes(0, written.byteLength), written) };
}

/**
 * Returns the headers of every response about a version, including responses without a body. The tag is weak for
 * encoded rows, because rows of one version may be divided into different batches.
 */
function describe(file: OpenDatasetFile, query: FileQuery, format: FileFormat): Headers {
  const part = createHash("sha256")
    .update(JSON.stringify([format, query.selection, query.csv]))
    .digest("hex")
    .slice(0, 16);
  return new Headers({
    etag: isFile(query, format) ? entityTagOf(file) : `W/"${file.version}-${part}"`,
    "last-modified": file.changed.toUTCString(),
    "accept-ranges": isFile(query, format) ? "bytes" : "none",
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    // With CORS, the response depends on the origin. This header replaces an earlier `vary`.
    vary: "accept, accept-encoding, origin",
  });
}

function answerBytes(file: OpenDatasetFile, requestHeader: Headers, header: Headers): UniversalServerResponse {
  const { byteLength } = file;
  const hasRange = appliesRange(requestHeader, { entityTag: entityTagOf(file), changed: file.changed });
  const range = hasRange ? parseRange(requestHeader.get("range"), byteLength) : undefined;
  if (range === "unsatisfiable") {
    header.set("content-range", `bytes */${byteLength}`);
    return { status: 416, header };
  }
  const { start, end } = range ?? { start: 0, end: byteLength };
  header.set("content-length", String(end - start));
  if (range) header.set("content-range", `bytes ${start}-${end - 1}/${byteLength}`);
  return { status: range ? 206 : 200, header, body: file.readBytes(start, end) };
}

/** Yields to other requests between chunks, because they are encoded on the main thread. */
async function* withTurns(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    yield chunk;
    await nextTurn();
  }
}

/** Waits for the first items, so that an early error can still set the status. */
async function begun<T>(items: AsyncIterable<T>, count: number): Promise<AsyncIterable<T>> {
  const iterator = items[Symbol.asyncIterator]();
  const first = [];
  for (let i = 0; i < count; i++) first.push(await iterator.next());
  return (async function* () {
    try {
      for (const { done, value } of first) if (done !== true) yield value;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  })();
}

async function* thenClosed(chunks: AsyncIterable<Uint8Array>, file: OpenBytes): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } finally {
    await file.close();
  }
}
