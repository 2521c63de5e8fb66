import { zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { joinBody } from "../../../src/flight/index.ts";
import { decodeMessage } from "../../../src/arrow/index.ts";
import { decompressFrame, expandedBodyByteLength } from "../../../src/arrow/decompress-frame.ts";
import { zstdFrame } from "../../support/zstd-frame.ts";
import { decompressZstd } from "../../../src/parquet/workers/decompress-zstd.ts";

const bodyBytesMax = 4096;
const options = { bodyBytesMax, decompressZstd };
const bytes = Buffer.from("some bytes, some bytes");
const sound = { declared: BigInt(bytes.byteLength), bytes: zstdCompressSync(bytes) };

describe("a compressed body", () => {
  test("is expanded, each buffer at a multiple of 8 bytes", () => {
    const frame = zstdFrame([
      sound,
      { declared: -1n, bytes: Buffer.from("plain") },
      { declared: 0n, bytes: new Uint8Array(0) },
    ]);
    expect(expandedBodyByteLength(frame, options)).toBe(32);
    const result = decompressFrame(frame, options);
    const message = decodeMessage(result.header);
    expect(message).toMatchObject({ kind: "record_batch", bodyLength: 32 });
    expect(message).not.toHaveProperty("layout.compression");
    expect(message).toHaveProperty("layout.buffers", [
      { byteOffset: 0, byteLength: bytes.byteLength },
      { byteOffset: 24, byteLength: 5 },
      { byteOffset: 32, byteLength: 0 },
    ]);
    expect(Buffer.from(joinBody(result)).toString()).toBe(`${bytes.toString()}\0\0plain\0\0\0`);
  });

  test("that is none stays as it is", () => {
    const frame = decompressFrame(zstdFrame([sound]), options);
    expect(expandedBodyByteLength(frame, options)).toBeUndefined();
    expect(decompressFrame(frame, options)).toBe(frame);
  });

  test.each<[string, { declared: bigint; bytes: Uint8Array }]>([
    ["is longer than it declares", { ...sound, declared: 3n }],
    ["is shorter than it declares", { ...sound, declared: 300n }],
    ["is not compressed at all", { ...sound, bytes }],
    ["declares a negative length", { ...sound, declared: -2n }],
  ])("with a buffer that %s is refused", (_, buffer) => {
    expect(() => decompressFrame(zstdFrame([sound, buffer]), options)).toThrow(
      expect.objectContaining({ code: "invalid_argument" }),
    );
  });

  test("that declares more than the limit is refused before it is expanded", () => {
    const half = { ...sound, declared: BigInt(bodyBytesMax / 2 + 8) };
    expect(expandedBodyByteLength(zstdFrame([half]), options)).toBe(bodyBytesMax / 2 + 8);
    expect(() => expandedBodyByteLength(zstdFrame([half, half]), options)).toThrow(
      expect.objectContaining({ code: "resource_exhausted" }),
    );
  });
});
