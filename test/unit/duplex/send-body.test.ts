import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { duplexFirstSendBytes, duplexUnacceptedBytesMax } from "../../../src/duplex/limits.ts";
import { sendBody, type SendOptions } from "../../../src/duplex/send-body.ts";
import type { SendAnswer, SendPart, SentPart } from "../../../src/duplex/send-piece.ts";
import { SendSize } from "../../../src/duplex/send-size.ts";

const limits = { sendBytesMax: 4, windowBytes: 8 };
const never = new AbortController().signal;
const body = ["abcd", "efgh", "ij"].map((text) => Buffer.from(text));
const accept = async (part: SentPart): Promise<SendAnswer> => ({
  acceptedByteLength: part.byteOffset + part.bytes.byteLength,
});
const send = async (parts: readonly Uint8Array[], options: Partial<SendOptions>): Promise<void> =>
  await sendBody(parts, { limits, size: new SendSize(), send: accept, signal: never, ...options });
const textOf = ({ byteOffset, bytes, isEnd }: SentPart): string =>
  `${byteOffset} ${Buffer.from(bytes).toString()}${isEnd ? "." : ""}`;

describe("sendBody", () => {
  test("tells the position of each piece, and marks the end", async () => {
    const sent: string[] = [];
    await send(body, { send: async (part) => (sent.push(textOf(part)), await accept(part)) });
    expect(sent).toEqual(["0 abcd", "4 efgh", "8 ij."]);
  });

  test("has no more bytes under way than the window", async () => {
    let underWay = 0;
    let most = 0;
    const slowly: SendPart = async (part) => {
      most = Math.max(most, (underWay += part.bytes.byteLength));
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= part.bytes.byteLength;
      return await accept(part);
    };
    await send([...body, ...body], { send: slowly });
    expect(most).toBe(8);
  });

  test("sends a piece again that was lost on the way, and the rest of one that was not accepted in full", async () => {
    const outcomes: (Error | number)[] = [new ConnectError("lost", Code.Unavailable), 1, 1, 4];
    const sent: string[] = [];
    const unsurely: SendPart = async (part) => {
      sent.push(textOf(part));
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return { acceptedByteLength: outcome ?? 6 };
    };
    await send([Buffer.from("abcdef")], { limits: { sendBytesMax: 4, windowBytes: 4 }, send: unsurely });
    expect(sent).toEqual(["0 abcd", "0 abcd", "1 bcd", "1 bcd", "4 ef."]);
  });

  test("gives up at an error that does not pass", async () => {
    const refused = vi.fn().mockRejectedValue(new ConnectError("no such stream", Code.NotFound));
    await expect(send([Buffer.from("a")], { send: refused })).rejects.toMatchObject({ code: Code.NotFound });
    expect(refused).toHaveBeenCalledOnce();
  });

  test("stops when its signal aborts", async () => {
    const leaving = new AbortController();
    const leave: SendPart = async () => (leaving.abort(new Error("left")), { acceptedByteLength: 0 });
    await expect(send([Buffer.from("a")], { send: leave, signal: leaving.signal })).rejects.toThrow("left");
  });
});

describe("64 MiB", () => {
  const mebi = 1024 * 1024;
  const large = Array.from({ length: 32 }, () => new Uint8Array(2 * mebi));
  const buffers = new Set<ArrayBuffer>();
  const served = { sendBytesMax: 8 * mebi, windowBytes: 32 * mebi };

  /** Sends them through something that refuses Sends above a size; gives the sizes of all Sends. */
  async function sizesOf(bytesMax: number, size = new SendSize()): Promise<number[]> {
    const sizes: number[] = [];
    // Every Send is accepted at once, however busy the machine is.
    vi.spyOn(performance, "now").mockReturnValue(0);
    buffers.clear();
    let underWay = 0;
    const carry: SendPart = async (part) => {
      const byteLength = part.bytes.byteLength;
      sizes.push(byteLength);
      expect((underWay += byteLength)).toBeLessThanOrEqual(duplexUnacceptedBytesMax);
      buffers.add(part.bytes.buffer);
      await new Promise((resolve) => setTimeout(resolve, 1));
      underWay -= byteLength;
      return byteLength > bytesMax ? "too large" : await accept(part);
    };
    await send(large, { limits: served, size, send: carry });
    return sizes;
  }

  test("take few Sends, which grow to 8 MiB, and use the same memory again", async () => {
    const sizes = await sizesOf(Infinity);
    expect(sizes[0]).toBe(duplexFirstSendBytes);
    expect(Math.max(...sizes)).toBe(8 * mebi);
    expect(sizes.length).toBeLessThanOrEqual(24);
    expect(sizes.reduce((sum, each) => sum + each)).toBe(64 * mebi);
    const largest = [...buffers].filter(({ byteLength }) => byteLength === 8 * mebi);
    expect(largest).toHaveLength(2);
  });

  test("stay below what something on the way refuses, and do not try it again in the next call", async () => {
    const size = new SendSize();
    const refused = (await sizesOf(mebi, size)).filter((each) => each > mebi);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(4);
    const again = await sizesOf(mebi, size);
    expect([again.length, Math.max(...again)]).toEqual([65, mebi]);
  });

  test("fail where even the smallest Send is refused", async () => {
    await expect(sizesOf(1000)).rejects.toMatchObject({ code: Code.ResourceExhausted });
  });
});
