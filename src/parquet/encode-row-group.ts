import { Table, writeParquet } from "parquet-wasm";
import { carefulEncodings, chooseColumnEncodings, toWriterProperties } from "./column-encodings.ts";
import type { EncodedRowGroup, EncodeJob } from "./worker-protocol.ts";

/** Runs an encode job. @throws Error where the stream cannot be read or written */
export function encodeRowGroup({ stream, encodings }: EncodeJob): EncodedRowGroup {
  const chosen = encodings ?? chooseColumnEncodings(stream);
  const file = writeParquet(Table.fromIPCStream(stream), toWriterProperties(chosen ?? carefulEncodings));
  return { file: file as Uint8Array<ArrayBuffer>, encodings: chosen, buffer: stream.buffer };
}
