import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { createFrame, releaseChunk } from "../../../src/flight/index.ts";
import {
  decodeIpcStream,
  decodeSchemaMessage,
  encodeIpcStream,
  encodeSchemaMessage,
  messageKind,
  toIpcStream,
} from "../../../src/arrow/index.ts";

const table = tableFromArrays({ id: Int32Array.from([1, 2, 3]), name: ["a", "b", null] });
const stream = tableToIPC(table, "stream");

describe("an IPC stream", () => {
  test("becomes frames that are views of it, and a stream again", () => {
    const frames = [...decodeIpcStream(stream)];
    expect(frames.map((frame) => messageKind(frame.header))).toEqual(["schema", "dictionary_batch", "record_batch"]);
    expect(frames.every((frame) => frame.header.buffer === stream.buffer)).toBe(true);
    expect(tableFromIPC(encodeIpcStream(frames)).toString()).toBe(table.toString());
  });

  test("is made of frames as they come, each of which is released when its last chunk has been sent", async () => {
    const frames = [...decodeIpcStream(stream)];
    const released: number[] = [];
    async function* toFrames() {
      yield createFrame({ appMetadata: Uint8Array.of(1) });
      for (const [i, frame] of frames.entries()) yield { ...frame, release: () => released.push(i) };
    }
    const chunks = await Array.fromAsync(toIpcStream(toFrames()));
    expect(Buffer.concat(chunks).equals(encodeIpcStream(frames))).toBe(true);
    // A socket may still read the chunks, although all of them have been asked for.
    expect(released).toEqual([]);
    for (const chunk of chunks) releaseChunk(chunk);
    expect(released).toEqual(frames.map((_, i) => i));
  });

  test("may come without its end mark, and without continuation marks as before Arrow 0.15", () => {
    const [schema] = decodeIpcStream(stream);
    const header = schema?.header ?? new Uint8Array(0);
    const old = new Uint8Array(4 + header.byteLength);
    new DataView(old.buffer).setInt32(0, header.byteLength, true);
    old.set(header, 4);
    expect([...decodeIpcStream(old)].map((frame) => frame.header)).toEqual([header]);
  });

  test("pads a header and a body that do not end at 8 bytes", () => {
    const frames = [...decodeIpcStream(stream)];
    const cut = frames.map((frame) => createFrame({ ...frame, body: frame.body.map((piece) => piece.slice()) }));
    expect(encodeIpcStream(cut).byteLength % 8).toBe(0);
  });

  test.each([3, 6, 20, stream.byteLength - 12])("that ends after %i bytes, inside a message, is refused", (length) => {
    expect(() => [...decodeIpcStream(stream.subarray(0, length))]).toThrow("ends inside a message");
  });

  test("with a header of absurd length is refused", () => {
    const absurd = stream.slice();
    new DataView(absurd.buffer).setInt32(4, 0x7fffffff, true);
    expect(() => [...decodeIpcStream(absurd)]).toThrow("has a header of 2147483647 bytes");
  });
});

describe("a schema message", () => {
  test("is the continuation mark, the length and the header", () => {
    const [schema] = decodeIpcStream(stream);
    const message = encodeSchemaMessage(schema?.header ?? new Uint8Array(0));
    expect([...message.subarray(0, 4)]).toEqual([0xff, 0xff, 0xff, 0xff]);
    expect(message.byteLength % 8).toBe(0);
    expect(decodeSchemaMessage(message)).toEqual(schema?.header);
  });

  test("that is empty is refused", () => {
    expect(() => decodeSchemaMessage(new Uint8Array(0))).toThrow("the schema message is empty");
  });
});
