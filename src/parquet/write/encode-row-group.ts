import { Table, writeParquet } from "parquet-wasm";
import { joinPieces } from "../../flight/index.ts";
import {
  chooseColumnEncodings,
  leanEncodings,
  toWriterProperties,
  type ColumnEncodings,
} from "../format/column-encodings.ts";
import { footerBytes, magic } from "../format/footer.ts";
import { guessColumnEncodings } from "../format/guess-encodings.ts";
import { joinSchemas } from "../format/join-schemas.ts";
import { openStream, type OpenedStream } from "../format/open-stream.ts";
import { joinRowGroups, takeRowGroup } from "../format/place-row-group.ts";
import { encodeThriftStruct } from "../format/thrift.ts";
import { onePageBytesMax, onePageRowsMax } from "../limits.ts";
import { guessedRowsMin, hugeGroupBytesMin } from "./limits.ts";
import { reserveMemory } from "../workers/reserve-memory.ts";
import type { EncodedPages, EncodedRowGroup, EncodeJob } from "../workers/worker-protocol.ts";
import { assertValues } from "./assert-values.ts";
import { toStoredStream } from "./convert-stream.ts";
import { readDictionaryValues } from "./dictionary-values.ts";
import { orderDictionaries } from "./order-dictionaries.ts";

/** Runs an encode job. @throws Error if a stream cannot be read or written; FlightError as `assertValues` */
export function encodeRowGroup({ streams, rowStart, encodings, isFirst }: EncodeJob): EncodedRowGroup {
  const ranges = streams.map((stream, i) => encodeColumns(stream, { rowStart, known: encodings?.[i] }));
  const footer = isFirst ? encodeThriftStruct(joinSchemas(ranges.map(({ file }) => footerBytes(file)))) : undefined;
  const rowGroup = joinFiles(ranges.map(({ file }) => file));
  const chosen = ranges.flatMap((range) => range.encodings ?? []);
  return {
    rowGroup,
    footer,
    encodings: chosen.length === ranges.length ? chosen : undefined,
    buffer: streams[0]!.buffer,
  };
}

/** What is known about the columns of a stream. */
interface KnownColumns {
  readonly rowStart: number;
  readonly known: ColumnEncodings | undefined;
}

/** A Parquet file of some columns of a row group, and the encodings for the next row group. */
interface EncodedColumns {
  readonly file: Uint8Array;
  readonly encodings: ColumnEncodings | undefined;
}

function encodeColumns(stream: Uint8Array, { rowStart, known }: KnownColumns): EncodedColumns {
  assertValues(stream, rowStart);
  const stored = toStoredStream(stream);
  const opened = openStream(stored);
  const columnCount = opened.schema.fields.length;
  reserveMemory({ byteLength: stored.byteLength, columnCount });
  const isHuge = stored.byteLength > hugeGroupBytesMin;
  const rowCount = countRows(opened);
  const chosen = isHuge ? known : (known ?? chooseColumnEncodings(stored));
  const guessed = isHuge || chosen ? undefined : guessColumnEncodings(stored);
  const values = readDictionaryValues(stored);
  const used = isHuge ? leanEncodings(opened.schema) : (chosen ?? guessed!);
  const properties = toWriterProperties(used, {
    dictionaryBytes: Math.max(0, ...[...values.values()].map(({ plain }) => plain.byteLength)),
    isOnePage: rowCount <= onePageRowsMax && largestBufferBytes(opened) <= onePageBytesMax,
  });
  const file = orderDictionaries(writeParquet(Table.fromIPCStream(stored), properties), stored, values);
  return { file, encodings: chosen ?? (rowCount >= guessedRowsMin ? guessed : undefined) };
}

function countRows({ frames }: OpenedStream): number {
  return frames.reduce((sum, { message }) => sum + (message.kind === "record_batch" ? message.layout.rowCount : 0), 0);
}

/** Returns the bytes that the values of a column take at most, without children and dictionaries. */
function largestBufferBytes({ frames }: OpenedStream): number {
  let byteLength = 0;
  for (const { message } of frames) {
    if (message.kind !== "record_batch") continue;
    byteLength += message.layout.buffers.reduce((max, buffer) => Math.max(max, buffer.byteLength), 0);
  }
  return byteLength;
}

/** Joins files of one row group each, which have different columns of the same rows; undefined if they have no rows. */
function joinFiles(files: readonly Uint8Array[]): EncodedPages | undefined {
  let byteOffset = magic.byteLength;
  const taken = files.flatMap((file) => {
    const group = takeRowGroup(file, byteOffset);
    byteOffset += group?.pages.byteLength ?? 0;
    return group ?? [];
  });
  const [first, ...others] = taken.map(({ pages }) => pages as Uint8Array<ArrayBuffer>);
  if (first === undefined) return undefined;
  const placed = joinRowGroups(taken.map(({ placed }) => placed));
  if (others.length === 0) return { placed, pages: first };
  const pages = joinPieces([first, ...others]) as Uint8Array<ArrayBuffer>;
  // Frees the memory now, before the garbage collector would.
  for (const { buffer } of [first, ...others]) buffer.transfer(0);
  return { placed, pages };
}
