import { closeSync, fstatSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromArrays, tableToIPC } from "apache-arrow";
import { ParquetFile, Table, writeParquet, WriterPropertiesBuilder } from "parquet-wasm";
import { expect, test, vi } from "vitest";
import { joinBody } from "../../../../src/flight/index.ts";
import { decodeSlice } from "../../../../src/parquet/read/decode-slice.ts";
import { describeFile } from "../../../../src/parquet/read/describe-file.ts";
import { useJobFile } from "../../../../src/parquet/workers/file-source.ts";
import type { DecodeJob } from "../../../../src/parquet/workers/worker-protocol.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

const rowCount = 1000;

/** Writes a file, opens it as a worker does for one job, and returns what decodes it. */
async function openJobFile(folder: string, rowGroupRowCount: number) {
  const table = tableFromArrays({
    n: Int32Array.from({ length: rowCount }, (_, i) => i),
    text: Array.from({ length: rowCount }, (_, i) => `text ${i % 7}`),
  });
  const properties = new WriterPropertiesBuilder().setMaxRowGroupSize(rowGroupRowCount).build();
  const path = join(folder, `${rowGroupRowCount}.parquet`);
  writeFileSync(path, writeParquet(Table.fromIPCStream(tableToIPC(table, "stream")), properties));
  const fd = openSync(path, "r");
  const file = { id: path, fd, byteLength: fstatSync(fd).size };
  useJobFile(file);
  const { schemaHeader } = await describeFile({ kind: "describe", file });
  const job = { kind: "decode", file, schemaHeader, rowGroupIndices: [0], rowStart: 0, rowCount } as const;
  return {
    decode: async (options: Partial<DecodeJob>) => {
      const opened = vi.spyOn(ParquetFile.prototype, "stream");
      const { frames } = await decodeSlice({ ...job, batchRowCount: 65_536, ...options });
      const bytes = frames.map((frame) =>
        Buffer.concat([frame.header, joinBody({ ...frame, appMetadata: new Uint8Array() })]),
      );
      return { bytes, streamCount: opened.mock.calls.length };
    },
    [Symbol.dispose]: () => {
      vi.restoreAllMocks();
      useJobFile(undefined);
      closeSync(fd);
    },
  };
}

test("decodes the rows of a small file without a stream, and the same as with one", async () => {
  await using folder = await createTemporaryFolder();
  using file = await openJobFile(folder.path, rowCount);
  const atOnce = await file.decode({ isWhole: true });
  expect(atOnce.streamCount).toBe(0);
  expect(atOnce.bytes).not.toHaveLength(0);
  expect(await file.decode({ isWhole: false })).toEqual({ bytes: atOnce.bytes, streamCount: 1 });
});

test.each([
  ["some columns", rowCount, { columnIndices: [0] }],
  ["several row groups", rowCount / 2, { rowGroupIndices: [0, 1] }],
] as const)("decodes %s of a small file with a stream", async (_, rowGroupRowCount, options) => {
  await using folder = await createTemporaryFolder();
  using file = await openJobFile(folder.path, rowGroupRowCount);
  expect((await file.decode({ isWhole: true, ...options })).streamCount).toBe(1);
});
