import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { readParquet, Table, wasmMemory, writeParquet } from "parquet-wasm";
import { expect, test } from "vitest";
import { reservedBytesMax } from "../../../../src/parquet/workers/limits.ts";
import { reserveMemory } from "../../../../src/parquet/workers/reserve-memory.ts";

const mebi = 1024 * 1024;
const sizeOf = (): number => wasmMemory().buffer.byteLength;

test("memory grows once for a job, up to a limit, and can then be used", () => {
  expect(sizeOf()).toBeLessThan(8 * mebi);
  reserveMemory({ byteLength: 10 * mebi, columnCount: 100 });
  const reserved = sizeOf();
  expect(reserved).toBeGreaterThanOrEqual(20 * mebi);
  reserveMemory({ byteLength: 9 * mebi, columnCount: 100 });
  const stream = tableToIPC(tableFromArrays({ n: Float64Array.from({ length: 500_000 }, (_, i) => i) }), "stream");
  const file = writeParquet(Table.fromIPCStream(stream));
  expect(sizeOf(), "the allocator uses what was reserved").toBe(reserved);
  expect(tableFromIPC(readParquet(file).intoIPCStream()).numRows).toBe(500_000);
  reserveMemory({ byteLength: 1024 * mebi, columnCount: 100 });
  expect(sizeOf()).toBeLessThan(reservedBytesMax + mebi);
});
