import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { FlightError, joinPieces } from "../../flight/index.ts";
import { declaredRowCount, type CallContext, type DatasetFiles, type FilePut } from "../../producer/index.ts";
import { entityTagOf } from "../http/preconditions.ts";

/** The number of bytes that distinguish a Parquet file from an Arrow stream. */
const signByteLength = 4;

/** A file that a request sends. */
export interface SentFile extends Pick<FilePut, "name" | "condition"> {
  /** The bytes. They end at the end of the request, and fail if it was interrupted. */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Stores the body of a request. The first bytes decide whether the body is a Parquet file or an Arrow IPC stream, because `curl -T`
 * sends no media type.
 *
 * @throws FlightError as `DatasetFiles.putFile`
 */
export async function putFile(
  files: DatasetFiles,
  context: CallContext,
  { name, condition, body }: SentFile,
): Promise<UniversalServerResponse> {
  assertPlain(context.requestHeader);
  const rowCount = declaredRowCount(context.requestHeader);
  await files.assertPuttable(context, { name, condition });
  const { sign, chunks } = await readSign(body);
  const placed = await files.putFile(context, { name, condition, format: formatOf(sign), rowCount, chunks });
  return {
    status: placed.isNew ? 201 : 204,
    header: new Headers({ etag: entityTagOf(placed), "last-modified": placed.changed.toUTCString() }),
  };
}

/** Rejects content encodings and partial puts, because the body is stored unchanged and complete. */
function assertPlain(header: Headers): void {
  if ((header.get("content-encoding") ?? "identity") !== "identity") {
    throw new FlightError("invalid_argument", "the body must not have a Content-Encoding");
  }
  if (header.has("content-range")) throw new FlightError("invalid_argument", "a put must send the whole file");
}

/** Reads the first bytes. Returns them, and all bytes including them. */
async function readSign(
  body: AsyncIterable<Uint8Array>,
): Promise<{ sign: Uint8Array; chunks: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let byteLength = 0;
  while (byteLength < signByteLength) {
    const next = await iterator.next();
    if (next.done === true) break;
    pieces.push(next.value);
    byteLength += next.value.byteLength;
  }
  const first = joinPieces(pieces);
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield first;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { sign: first.subarray(0, signByteLength), chunks: all() };
}

function formatOf(sign: Uint8Array): FilePut["format"] {
  const text = String.fromCharCode(...sign);
  if (text === "PAR1") return "parquet";
  if (text === "\xff\xff\xff\xff") return "arrow";
  const what = text === "ARRO" ? "an Arrow IPC file; send an Arrow IPC stream" : "neither";
  throw new FlightError("invalid_argument", `a put takes a Parquet file or an Arrow IPC stream; this is ${what}`);
}
