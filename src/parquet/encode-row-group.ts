import { Table, writeParquet } from "parquet-wasm";
import { carefulEncodings, chooseColumnEncodings, toWriterProperties } from "./column-encodings.ts";
import { toStoredStream } from "./convert-stream.ts";
import type { EncodedRowGroup, EncodeJob } from "./worker-protocol.ts";

/** Runs an encode job. @throws Error where the stream cannot be read or written */
export function encodeRowGroup({ stream, encodings }: EncodeJob): EncodedRowGroup {
  const stored = toStoredStream(stream);
  const chosen = encodings ?? chooseColumnEncodings(stored);
  const file = writeParquet(Table.fromIPCStream(stored), toWriterProperties(chosen ?? carefulEncodings));
  return { file: file as Uint8Array<ArrayBuffer>, encodings: chosen, buffer: stream.buffer };
}
