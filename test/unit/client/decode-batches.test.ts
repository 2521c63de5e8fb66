import { tableFromArrays, tableToIPC, type RecordBatch, type Schema } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { decodeBatches } from "../../../src/client/decode-batches.ts";
import { createFrame, FlightError, type FlightFrame } from "../../../src/flight/index.ts";
import { decodeIpcStream } from "../../../src/arrow/index.ts";

const [schemaFrame, batchFrame] = [
  ...decodeIpcStream(tableToIPC(tableFromArrays({ n: Int32Array.of(1, 2) }), "stream")),
];

async function* streamOf(...frames: (FlightFrame | undefined | Error)[]): AsyncGenerator<FlightFrame> {
  for (const frame of frames) {
    if (frame instanceof Error) throw frame;
    yield frame!;
  }
}

async function decode(frames: AsyncIterable<FlightFrame>): Promise<{ batches: RecordBatch[]; schema?: Schema }> {
  const decoded: { batches: RecordBatch[]; schema?: Schema } = { batches: [] };
  for await (const batch of decodeBatches(frames, (schema) => (decoded.schema = schema))) decoded.batches.push(batch);
  return decoded;
}

describe("decodeBatches", () => {
  test("gives each batch before the next frame is there", async () => {
    const proceed = Promise.withResolvers<void>();
    async function* frames(): AsyncGenerator<FlightFrame> {
      yield schemaFrame!;
      yield batchFrame!;
      await proceed.promise;
      yield batchFrame!;
    }
    const batches = decodeBatches(frames(), () => {});
    expect((await batches.next()).value?.numRows).toBe(2);
    proceed.resolve();
    expect((await batches.next()).value?.numRows).toBe(2);
    expect((await batches.next()).done).toBe(true);
  });

  test("passes over frames that have metadata alone", async () => {
    const note = createFrame({ appMetadata: Uint8Array.of(1) });
    expect((await decode(streamOf(note, schemaFrame, note, batchFrame, note))).batches).toHaveLength(1);
  });

  test("tells the schema also where there is no batch", async () => {
    const { batches, schema } = await decode(streamOf(schemaFrame));
    expect([batches.length, schema?.names]).toEqual([0, ["n"]]);
  });

  test("takes bodies in pieces, at any address", async () => {
    const body = batchFrame!.body.flatMap((piece) => [...piece]);
    const unaligned = Uint8Array.from([0, 0, 0, ...body]);
    const pieces = [unaligned.subarray(3, 6), unaligned.subarray(6)];
    const { batches } = await decode(streamOf(schemaFrame, createFrame({ ...batchFrame, body: pieces })));
    expect([...batches[0]!.getChildAt(0)!]).toEqual([1, 2]);
  });

  test("never makes a stream that failed look whole", async () => {
    const failure = new FlightError("data_loss", "the disk is gone");
    for (const frames of [[failure], [schemaFrame, failure], [schemaFrame, batchFrame, failure]]) {
      await expect(decode(streamOf(...frames))).rejects.toBe(failure);
    }
  });

  test("leaves the frames when it is left", async () => {
    let isLeft = false;
    async function* frames(): AsyncGenerator<FlightFrame> {
      try {
        yield schemaFrame!;
        for (;;) yield batchFrame!;
      } finally {
        isLeft = true;
      }
    }
    for await (const _ of decodeBatches(frames(), () => {})) break;
    await expect.poll(() => isLeft).toBe(true);
  });
});
