import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { ParquetFile } from "parquet-wasm";
import { addReads } from "./count-reads.ts";

/*
 * The entry of a worker thread that counts what it reads. It replaces the functions that read before it loads the
 * worker's own code.
 */

const { readSync } = fs;
fs.readSync = ((...args: [number, Uint8Array, number, number, number | null]) => {
  const byteLength = readSync(...args);
  // Node's loader reads modules without a position.
  if (typeof args[4] === "number") addReads({ readCount: 1, byteLength });
  return byteLength;
}) as typeof readSync;
syncBuiltinESMExports();

const fromFile = ParquetFile.fromFile.bind(ParquetFile);
ParquetFile.fromFile = async (file) => {
  addReads({ footerCount: 1 });
  return fromFile(file);
};

await import("../../src/parquet/workers/worker.ts");
