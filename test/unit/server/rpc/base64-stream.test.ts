import { randomBytes } from "node:crypto";
import { Code } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { whenSent } from "../../../../src/flight/index.ts";
import { decodeBase64Stream, encodeBase64Stream } from "../../../../src/server/rpc/base64-stream.ts";

async function* inChunksOf(byteLength: number, bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += byteLength) yield bytes.subarray(at, at + byteLength);
}

const decode = async (text: string, chunkLength = 1 << 16): Promise<string> => {
  const chunks = await Array.fromAsync(decodeBase64Stream(inChunksOf(chunkLength, Buffer.from(text, "latin1"))));
  return Buffer.concat(chunks).toString("latin1");
};

test.each([1, 2, 3, 4, 5, 7, 1000])("decodes base64 that arrives in chunks of %i characters", async (chunkLength) => {
  const bytes = randomBytes(999);
  expect(await decode(bytes.toString("base64"), chunkLength)).toBe(bytes.toString("latin1"));
});

test.each([1, 2, 3, 5, 100])(
  "decodes texts with padding between them, in chunks of %i characters",
  async (chunkLength) => {
    const texts = ["a", "bc", "def", "", "ghij", "\xff\xfe"];
    const joined = texts.map((text) => Buffer.from(text, "latin1").toString("base64")).join("");
    expect(await decode(joined, chunkLength)).toBe(texts.join(""));
  },
);

test.each([
  ["a character of another alphabet", "AA-_"],
  ["a line break", "AAAA\nAAA"],
  ["a byte beyond ASCII", "AA\xffA"],
  ["padding at the start", "=AAA"],
  ["padding in the second place", "A=AA"],
  ["padding before a character", "AA=A"],
  ["three characters of padding", "A==="],
  ["padding alone", "===="],
  ["a single character", "A"],
  ["no padding at the end", "AAAAAAA"],
])("refuses %s", async (_what, text) => {
  for (const chunkLength of [1, 100]) {
    await expect(decode(text, chunkLength)).rejects.toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringMatching(/^the request's body is not base64: /) as string,
    });
  }
});

test("encodes each chunk by itself, and releases its memory", async () => {
  const sent: number[] = [];
  const chunks = [1, 2, 3].map((byteLength) => new Uint8Array(byteLength));
  for (const chunk of chunks) whenSent(chunk, () => sent.push(chunk.byteLength));
  async function* source(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const texts = await Array.fromAsync(encodeBase64Stream(source()), (text) => Buffer.from(text).toString("latin1"));
  expect(texts).toEqual(["AA==", "AAA=", "AAAA"]);
  expect(sent).toEqual([1, 2, 3]);
});
