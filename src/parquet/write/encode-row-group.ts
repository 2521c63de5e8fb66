import { Table, writeParquet } from "parquet-wasm";
import {
  chooseColumnEncodings,
  guessColumnEncodings,
  leanEncodings,
  toWriterProperties,
} from "../format/column-encodings.ts";
import { assertValues } from "./assert-values.ts";
import { readDictionaryValues } from "./dictionary-values.ts";
import { orderDictionaries } from "./order-dictionaries.ts";
import { toStoredStream } from "./convert-stream.ts";
import { openStream } from "../format/open-stream.ts";
import { hugeGroupBytesMin } from "../limits.ts";
import { reserveMemory } from "../workers/reserve-memory.ts";
import type { EncodedRowGroup, EncodeJob } from "../workers/worker-protocol.ts";

/** Runs an encode job. @throws Error if the stream cannot be read or written; FlightError as `assertValues` */
export function encodeRowGroup({ stream, rowStart, encodings }: EncodeJob): EncodedRowGroup {
  assertValues(stream, rowStart);
  const stored = toStoredStream(stream);
  const { schema } = openStream(stored);
  reserveMemory({ byteLength: stored.byteLength, columnCount: schema.fields.length });
  const isHuge = stored.byteLength > hugeGroupBytesMin;
  const chosen = isHuge ? encodings : (encodings ?? chooseColumnEncodings(stored));
  const values = readDictionaryValues(stored);
  const dictionaryBytes = Math.max(0, ...[...values.values()].map(({ plain }) => plain.byteLength));
  const used = isHuge ? leanEncodings(schema) : (chosen ?? guessColumnEncodings(stored));
  const properties = toWriterProperties(used, { dictionaryBytes });
  const file = orderDictionaries(writeParquet(Table.fromIPCStream(stored), properties), stored, values);
  return { file: file as Uint8Array<ArrayBuffer>, encodings: chosen, buffer: stream.buffer };
}
