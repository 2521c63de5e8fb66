import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tableFromArrays, tableToIPC, type Table } from "apache-arrow";
import {
  Compression,
  EnabledStatistics,
  Encoding,
  Table as WasmTable,
  writeParquet,
  WriterPropertiesBuilder,
  WriterVersion,
} from "parquet-wasm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import type { DatasetClient } from "../../src/client/index.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const rows = Array.from({ length: 50_000 }, (_, i) => i);
const table = tableFromArrays({
  id: Int32Array.from(rows),
  wide: BigInt64Array.from(rows, (i) => BigInt(i) * 1_000_000_007n),
  double: Float64Array.from(rows, (i) => i / 7),
  word: rows.map((i) => `word ${i % 100}`),
  text: rows.map((i) => (i % 5 === 0 ? null : `row ${i}`)),
  flag: rows.map((i) => i % 3 === 0),
});

type Options = (builder: WriterPropertiesBuilder) => WriterPropertiesBuilder;
const compressedBy =
  (codec: Compression): Options =>
  (builder) =>
    builder.setCompression(codec);

const files: Record<string, Options> = {
  "as it writes by itself": (builder) => builder,
  "without compression": compressedBy(Compression.UNCOMPRESSED),
  "by Snappy": compressedBy(Compression.SNAPPY),
  "by gzip": compressedBy(Compression.GZIP),
  "by Brotli": compressedBy(Compression.BROTLI),
  "by LZ4 in Hadoop's frames": compressedBy(Compression.LZ4),
  "by LZ4": compressedBy(Compression.LZ4_RAW),
  "by ZSTD": compressedBy(Compression.ZSTD),
  "of the second version": (builder) => builder.setWriterVersion(WriterVersion.V2),
  "without dictionaries and statistics": (builder) =>
    builder.setDictionaryEnabled(false).setStatisticsEnabled(EnabledStatistics.None),
  "in small row groups and pages": (builder) => builder.setMaxRowGroupSize(700).setDataPageSizeLimit(500),
  "in deltas and split bytes": (builder) =>
    builder
      .setDictionaryEnabled(false)
      .setColumnEncoding("id", Encoding.DELTA_BINARY_PACKED)
      .setColumnEncoding("text", Encoding.DELTA_BYTE_ARRAY)
      .setColumnEncoding("double", Encoding.BYTE_STREAM_SPLIT),
};

describe("files that parquet-wasm wrote are served as equal", () => {
  let server: TestServer;
  let client: DatasetClient;
  beforeAll(async () => {
    server = await startHangar();
    client = connect(server.location);
  });
  afterAll(async () => {
    client.close();
    await server[Symbol.asyncDispose]();
  });

  test.each(Object.entries(files))("%s", async (_, options) => {
    const wasmTable = WasmTable.fromIPCStream(tableToIPC(table, "stream"));
    const file = writeParquet(wasmTable, options(new WriterPropertiesBuilder()).build());
    await writeFile(join(server.repo, "wasm.parquet"), file);
    const info = await client.info("wasm.parquet");
    expect(info.rowCount).toBe(rows.length);
    expect(columnsOf(await client.get("wasm.parquet").table())).toEqual(columnsOf(table));
    const part = client.get("wasm.parquet", { offset: 12_345, limit: 678 });
    expect(columnsOf(await part.table())).toEqual(columnsOf(table.slice(12_345, 12_345 + 678)));
  });
});

function columnsOf(table: Table): Record<string, unknown[]> {
  const fields = table.schema.fields.map(({ name }): [string, unknown[]] => [name, [...table.getChild(name)!]]);
  return Object.fromEntries(fields);
}
