import { tableFromArrays, type Table } from "apache-arrow";
import { afterAll, describe, expect, test, vi } from "vitest";
import { freePieces, joinBody, type FlightFrame } from "../../../../src/flight/index.ts";
import { collectGarbage, decodeStorableSchema, ParquetPool, ParquetWriter } from "../../../../src/parquet/index.ts";
import { createTemporaryFile, never, readFrames, toFrames, toTable, writeFrames } from "../tables.ts";

const pool = new ParquetPool({ workerCount: 2 });
afterAll(() => pool.close());

const mebi = 1024 * 1024;

/** A table of 8 bytes a row. */
function createTable(byteLength: number): Table {
  return tableFromArrays({ id: Float64Array.from({ length: byteLength / 8 }, (_, i) => i) });
}

/** A frame in memory of its own, with a `release` that frees it. */
function toOwned(frame: FlightFrame): FlightFrame {
  const body = [joinBody(frame).slice()];
  return { ...frame, body, release: vi.fn(() => freePieces(body)) };
}

describe("the writer", () => {
  test.each([
    ["each batch of a row group", [mebi, 2 * mebi, 3 * mebi]],
    ["a batch that is cut into several row groups", [40 * mebi, mebi]],
  ])("releases %s once, after its last rows were copied", async (_what, byteLengths) => {
    await using temporary = await createTemporaryFile();
    const tables = byteLengths.map(createTable);
    const frames = tables.flatMap((table, i) => toFrames(table).slice(i === 0 ? 0 : 1)).map(toOwned);
    await writeFrames(pool, temporary.file, frames);
    for (const { release } of frames.slice(1)) expect(release).toHaveBeenCalledTimes(1);
    const expected = tables[0]!.concat(...tables.slice(1)).getChild("id")!;
    const got = toTable(await readFrames(pool, temporary.file)).getChild("id")!;
    expect(Buffer.compare(Buffer.from(got.toArray().buffer), Buffer.from(expected.toArray().buffer))).toBe(0);
  });

  test("does not keep the frames of a row group that a worker encodes", async () => {
    await using temporary = await createTemporaryFile();
    const stuck = new ParquetPool({ workerCount: 1 });
    vi.spyOn(stuck, "run").mockReturnValue(new Promise(() => {}));
    const [schema] = toFrames(createTable(8));
    const writer = new ParquetWriter(stuck, temporary.file, decodeStorableSchema(schema!.header), { signal: never });
    const written = await writeBatches(writer, 2);
    const isHeld = (): boolean[] => {
      collectGarbage();
      return written.map((batch) => batch.deref() !== undefined);
    };
    await expect.poll(isHeld).toEqual([false, true]);
    await stuck.close();
  });
});

/** Writes batches that fill a row group each, because two have more rows than fit. */
async function writeBatches(writer: ParquetWriter, count: number): Promise<WeakRef<FlightFrame>[]> {
  const written = [];
  for (let i = 0; i < count; i++) {
    const [, frame] = toFrames(createTable(6 * mebi));
    await writer.write(frame!);
    written.push(new WeakRef(frame!));
  }
  return written;
}
