import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { FlightError, joinPieces } from "../../flight/index.ts";
import { declaredRowCount, type CallContext, type DatasetFiles, type FilePut } from "../../producer/index.ts";
import type { FileQuery } from "./file-query.ts";
import { entityTagOf, versionCondition } from "../http/preconditions.ts";

/** How many bytes tell a Parquet file from an Arrow stream. */
const signByteLength = 4;

/**
 * Answers PUT: takes a Parquet file or an Arrow IPC stream, whichever the first bytes say it is, as `curl -T` names none.
 *
 * @param body - ends where the request did, and throws where it was cut
 * @throws FlightError as `DatasetFiles.putFile`
 */
export async function putFile(
  files: DatasetFiles,
  context: CallContext,
  { name, isPart, format }: FileQuery,
  body: AsyncIterable<Uint8Array>,
): Promise<UniversalServerResponse> {
  if (isPart || format !== null) throw new FlightError("invalid_argument", "a put takes no parameters");
  assertPlain(context.requestHeader);
  const condition = versionCondition(context.requestHeader);
  const rowCount = declaredRowCount(context.requestHeader);
  await files.assertPuttable(context, { name, condition });
  const { sign, chunks } = await readSign(body);
  const placed = await files.putFile(context, { name, condition, format: formatOf(sign), rowCount, chunks });
  return {
    status: placed.isNew ? 201 : 204,
    header: new Headers({ etag: entityTagOf(placed), "last-modified": placed.changed.toUTCString() }),
  };
}

/** What is sent is what is stored: nothing is unpacked, and no part of a file is replaced. */
function assertPlain(header: Headers): void {
  if ((header.get("content-encoding") ?? "identity") !== "identity") {
    throw new FlightError("invalid_argument", "the body must come without Content-Encoding");
  }
  if (header.has("content-range")) throw new FlightError("invalid_argument", "only whole files are put");
}

/** Reads the first bytes, and gives all of them. */
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
  const what = text === "ARRO" ? "an Arrow file; send its stream format" : "neither";
  throw new FlightError("invalid_argument", `a put takes a Parquet file or an Arrow IPC stream; this is ${what}`);
}
