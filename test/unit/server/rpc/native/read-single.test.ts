import type { ServerHttp2Stream } from "node:http2";
import { PassThrough } from "node:stream";
import { toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { describe, expect, test } from "vitest";
import { createPathDescriptor, toConnectError } from "../../../../../src/flight/index.ts";
import { FlightDescriptorSchema, FlightService } from "../../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { completeLimits } from "../../../../../src/server/limits/server-limits.ts";
import { readSingle } from "../../../../../src/server/rpc/native/read-single.ts";

const rules = {
  desc: FlightService.method.getFlightInfo,
  readBytesMax: 1000,
  limits: completeLimits({ controlMessageBytes: 2000 }),
};
const descriptor = createPathDescriptor(["a", "b"]);
const message = encodeEnvelope(0, toBinary(FlightDescriptorSchema, descriptor));

/** A call that does not end early. */
const call: { failRequest: (reason: Error) => void } = { failRequest: () => {} };

/** Reads a request that arrives in chunks. */
async function read(chunks: readonly Uint8Array[], { isInterrupted = false } = {}) {
  const stream = new PassThrough();
  const result = readSingle(stream as unknown as ServerHttp2Stream, call, rules);
  // It may fail before the last chunk.
  result.catch(() => {});
  for (const chunk of chunks) {
    stream.write(chunk);
    await new Promise(setImmediate);
  }
  if (isInterrupted) stream.destroy();
  else stream.end();
  return await result;
}

async function codeOf(...args: Parameters<typeof read>): Promise<string> {
  return await read(...args).then(
    () => "ok",
    (reason: unknown) => Code[toConnectError(reason).code],
  );
}

const bytesOf = (bytes: Uint8Array): Uint8Array[] => Array.from(bytes, (byte) => Uint8Array.of(byte));
const declaring = (byteLength: number): Uint8Array => {
  const envelope = new Uint8Array(5);
  new DataView(envelope.buffer).setUint32(1, byteLength);
  return envelope;
};

describe("the only message of a request", () => {
  test.each([
    ["at once", [message]],
    ["byte by byte", bytesOf(message)],
    ["in two chunks", [message.subarray(0, 7), message.subarray(7)]],
  ])("is read as it arrives %s", async (_, chunks) => {
    expect(await read(chunks)).toMatchObject({ type: descriptor.type, path: descriptor.path });
  });

  test.each([
    ["no message", [], "Unimplemented"],
    ["two messages", [message, message], "Unimplemented"],
    ["half an envelope", [message.subarray(0, 3)], "InvalidArgument"],
    ["half a message", [message.subarray(0, -1)], "InvalidArgument"],
    ["no protobuf", [encodeEnvelope(0, Uint8Array.of(255))], "InvalidArgument"],
    ["a compressed message without an encoding", [encodeEnvelope(1, new Uint8Array(4))], "Internal"],
    ["a message above the method's limit", [declaring(1001)], "ResourceExhausted"],
    ["a message above the limit of the server", [declaring(0xffff_ffff)], "ResourceExhausted"],
  ])("is refused if there is %s", async (_, chunks, code) => {
    expect(await codeOf(chunks)).toBe(code);
  });

  test("is refused before it has arrived if it is too long", async () => {
    const stream = new PassThrough();
    stream.write(declaring(2001));
    const reading = readSingle(stream as unknown as ServerHttp2Stream, call, rules);
    await expect(reading).rejects.toMatchObject({ code: "resource_exhausted" });
  });

  test("is not taken for complete if the client disconnects", async () => {
    expect(await codeOf([message], { isInterrupted: true })).toBe("Canceled");
  });
});
