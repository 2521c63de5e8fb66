import { fromBinary, toBinary, create } from "@bufbuild/protobuf";
import { describe, expect, test, vi } from "vitest";
import { attachBodies, BodyQueue, detachBodies, joinPieces, releaseChunk } from "../../../src/flight/index.ts";
import { FlightDataSchema, type FlightData } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";

const bytes = (length: number, seed = 1): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, i) => (i * 31 + seed) & 0xff);

function envelope(message: Uint8Array, flags = 0): Uint8Array {
  const enveloped = new Uint8Array(5 + message.byteLength);
  enveloped[0] = flags;
  new DataView(enveloped.buffer).setUint32(1, message.byteLength);
  enveloped.set(message, 5);
  return enveloped;
}

const flightData = (bodyLength: number, seed = 1): FlightData =>
  create(FlightDataSchema, {
    flightDescriptor: { type: 1, path: ["a", "b"] },
    dataHeader: bytes(200, seed),
    appMetadata: bytes(3, seed),
    dataBody: bytes(bodyLength, seed),
  });

async function* inChunksOf(size: number, all: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < all.byteLength; at += size) yield all.subarray(at, at + size);
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  return await Array.fromAsync(source);
}

describe("attachBodies", () => {
  test.each([0, 1, 127, 128, 8 * 1024, 8 * 1024 + 1, 300_000, 3_000_000])(
    "gives the bytes that protobuf would have written for a body of %i bytes",
    async (bodyLength) => {
      const whole = flightData(bodyLength);
      const bodies = new BodyQueue();
      const release = vi.fn();
      bodies.push({
        body: [whole.dataBody.subarray(0, bodyLength >> 1), whole.dataBody.subarray(bodyLength >> 1)],
        release,
      });
      const small = toBinary(FlightDataSchema, { ...whole, dataBody: new Uint8Array(0) });
      const written = await collect(attachBodies(inChunksOf(1 << 30, envelope(small)), bodies));
      expect(joinPieces(written)).toEqual(envelope(toBinary(FlightDataSchema, whole)));
      expect(Math.max(...written.map((chunk) => chunk.byteLength))).toBeLessThanOrEqual(256 * 1024);
      written.slice(0, -1).forEach(releaseChunk);
      expect(release).not.toHaveBeenCalled();
      written.slice(-1).forEach(releaseChunk);
      // A small body is copied, and left to the garbage collector.
      expect(release).toHaveBeenCalledTimes(bodyLength > 8 * 1024 ? 1 : 0);
    },
  );

  test("lets trailers and ends of streams pass without taking a body", async () => {
    const bodies = new BodyQueue();
    bodies.push({ body: [bytes(10)] });
    const trailer = envelope(bytes(20), 0x80);
    const written = await collect(attachBodies(inChunksOf(1 << 30, trailer), bodies));
    expect(written).toEqual([trailer]);
    expect(bodies.shift().body).toHaveLength(1);
  });
});

describe("detachBodies", () => {
  const messages = [flightData(0, 1), flightData(5, 2), flightData(200_000, 3), flightData(70_000, 4)];
  const stream = joinPieces(messages.map((message) => envelope(toBinary(FlightDataSchema, message))));

  test.each([1, 3, 1000, 16_384, 1 << 20])("takes bodies out of a stream in chunks of %i bytes", async (size) => {
    const bodies = new BodyQueue();
    const parsed: FlightData[] = [];
    for await (const small of detachBodies(inChunksOf(size, stream), bodies, { messageBytesMax: 1 << 20 })) {
      const message = fromBinary(FlightDataSchema, small.subarray(5));
      expect(message.dataBody).toHaveLength(0);
      parsed.push({ ...message, dataBody: joinPieces(bodies.shift().body) });
    }
    expect(parsed).toEqual(messages);
  });

  test("leaves large bodies where they came in, and copies small chunks together", async () => {
    const large = new BodyQueue();
    await collect(detachBodies(inChunksOf(16_384, stream), large, { messageBytesMax: 1 << 20 }));
    const views = [large.shift(), large.shift(), large.shift()][2]?.body ?? [];
    expect(views.slice(1, -1).every((piece) => piece.buffer === stream.buffer)).toBe(true);

    const tiny = new BodyQueue();
    await collect(detachBodies(inChunksOf(1, stream), tiny, { messageBytesMax: 1 << 20 }));
    const copies = [tiny.shift(), tiny.shift(), tiny.shift()][2]?.body ?? [];
    expect(copies.length).toBeLessThanOrEqual(Math.ceil(200_000 / 65_536) + 1);
  });

  test("copies bodies of usual size together as they arrive, into memory that can be released", async () => {
    const bodies = new BodyQueue();
    const allocated: Uint8Array[] = [];
    const allocate = (byteLength: number): Uint8Array<ArrayBuffer> => {
      const memory = new Uint8Array(byteLength);
      allocated.push(memory);
      return memory;
    };
    await collect(detachBodies(inChunksOf(1000, stream), bodies, { messageBytesMax: 1 << 20, allocate }));
    const [none, small, large, usual] = [bodies.shift(), bodies.shift(), bodies.shift(), bodies.shift()];
    expect(none).toEqual({ body: [] });
    expect(small.release).toBeUndefined();
    expect([...large.body, ...usual.body]).toEqual(messages.slice(2).map(({ dataBody }) => dataBody));
    expect([...large.body, ...usual.body]).toEqual(allocated);
    large.release?.();
    expect(allocated.map(({ byteLength }) => byteLength)).toEqual([0, 70_000]);
  });

  test("frees the memory of a body whose claim is revoked while it arrives", async () => {
    const revoked = Promise.withResolvers<never>();
    const memory = new Uint8Array(200_000);
    const claim = { revoked: revoked.promise, advance: () => {}, complete: () => {}, release: () => {} };
    async function* stalled(): AsyncGenerator<Uint8Array> {
      yield envelope(toBinary(FlightDataSchema, messages[2]!)).subarray(0, 100_000);
      revoked.reject(new Error("revoked"));
      await new Promise(() => {});
    }
    const options = { messageBytesMax: 1 << 20, budget: { claim: async () => claim }, allocate: () => memory };
    await expect(collect(detachBodies(stalled(), new BodyQueue(), options))).rejects.toThrow("revoked");
    expect(memory.byteLength).toBe(0);
  });

  test("takes a body in front of the small fields, and the last of two", async () => {
    const body = toBinary(FlightDataSchema, create(FlightDataSchema, { dataBody: bytes(9) }));
    const rest = toBinary(FlightDataSchema, { ...flightData(4), dataBody: new Uint8Array(0) });
    const bodies = new BodyQueue();
    const [small] = await collect(
      detachBodies(inChunksOf(7, envelope(joinPieces([flightDataBody(4), rest, body]))), bodies, {
        messageBytesMax: 1 << 20,
      }),
    );
    expect(small).toEqual(envelope(rest));
    expect(joinPieces(bodies.shift().body)).toEqual(bytes(9));
  });

  test("keeps fields that it does not know, of every wire type", async () => {
    const unknown = Uint8Array.from([0x28, 0x96, 0x01, 0x31, 1, 2, 3, 4, 5, 6, 7, 8, 0x3d, 1, 2, 3, 4, 0x42, 1, 9]);
    const [small] = await collect(
      detachBodies(inChunksOf(4, envelope(unknown)), new BodyQueue(), { messageBytesMax: 1 << 20 }),
    );
    expect(small).toEqual(envelope(unknown));
  });

  test("hands compressed messages on as they are", async () => {
    const compressed = envelope(bytes(50), 1);
    const passed = await collect(detachBodies(inChunksOf(13, compressed), new BodyQueue(), { messageBytesMax: 100 }));
    expect(joinPieces(passed)).toEqual(compressed);
  });

  test("refuses a message that is too large before it reads the message", async () => {
    const start = envelope(bytes(500)).subarray(0, 5);
    const reading = collect(detachBodies(inChunksOf(5, start), new BodyQueue(), { messageBytesMax: 100 }));
    await expect(reading).rejects.toMatchObject({ code: "resource_exhausted", limit: "message-bytes" });
  });

  test.each([
    ["a stream that ends inside a message", stream.subarray(0, 100), "ended inside a message"],
    [
      "a body that is longer than its message",
      envelope(Uint8Array.from([0xc2, 0x3e, 100, 1])),
      "longer than the message",
    ],
    [
      "a small field that is longer than its message",
      envelope(Uint8Array.from([0x12, 100, 1])),
      "longer than the message",
    ],
    ["a wire type that proto3 has not", envelope(Uint8Array.from([0x0b])), "wire type 3"],
    ["a field for each two bytes", envelope(new Uint8Array(100_000)), "more than 1024 fields"],
    ["a varint without end", envelope(new Uint8Array(12).fill(0xff)), "more than 32 bits"],
  ])("refuses %s", async (_what, sent, message) => {
    const reading = collect(detachBodies(inChunksOf(50, sent), new BodyQueue(), { messageBytesMax: 1 << 20 }));
    await expect(reading).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringContaining(message),
    });
  });

  test("ends the source when it is left early", async () => {
    let isEnded = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* inChunksOf(100, stream);
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of detachBodies(source(), new BodyQueue(), { messageBytesMax: 1 << 20 })) break;
    expect(isEnded).toBe(true);
  });
});

function flightDataBody(length: number): Uint8Array {
  return toBinary(FlightDataSchema, create(FlightDataSchema, { dataBody: bytes(length) }));
}
