import { describe, expect, test, vi } from "vitest";
import { gatherPieces, type GatheredPiece } from "../../../src/duplex/gather-pieces.ts";

const textOf = ({ chunks, isEnd }: GatheredPiece): string => `${Buffer.concat(chunks).toString()}${isEnd ? "." : ""}`;

describe("gatherPieces", () => {
  const gather = async (chunks: string[], max: number): Promise<string[]> => {
    const body = chunks.map((chunk) => Buffer.from(chunk));
    return (await Array.fromAsync(gatherPieces(body, () => max))).map(textOf);
  };

  test.each<[string[], string[]]>([
    [[], ["."]],
    [["", ""], ["."]],
    [["a", "b", "c"], ["abc."]],
    [["abcd"], ["abcd", "."]],
    [
      ["abc", "defg", "h"],
      ["abcd", "efgh", "."],
    ],
    [["abcdefghij"], ["abcd", "efgh", "ij."]],
  ])("makes of %j the pieces %j", async (chunks, pieces) => {
    expect(await gather(chunks, 4)).toEqual(pieces);
  });

  test("copies nothing", async () => {
    const body = Uint8Array.from({ length: 100 }, (_, i) => i);
    const pieces = await Array.fromAsync(gatherPieces([body, body], () => 30));
    expect(pieces.flatMap(({ chunks }) => chunks).every(({ buffer }) => buffer === body.buffer)).toBe(true);
  });

  test("asks for the maximum of each piece anew", async () => {
    const maxima = [1, 2, 4];
    let at = 0;
    const pieces: string[] = [];
    for await (const piece of gatherPieces([Buffer.from("abcdefgh")], () => maxima[at]!)) {
      pieces.push(textOf(piece));
      at = Math.min(at + 1, 2);
    }
    expect(pieces).toEqual(["a", "bc", "defg", "h."]);
  });

  test("does not hold a chunk back that is followed by silence", async () => {
    const silence = Promise.withResolvers<void>();
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      await silence.promise;
      yield Buffer.from("b");
    }
    const pieces = gatherPieces(chunks(), () => 100);
    expect(textOf((await pieces.next()).value!)).toBe("a");
    silence.resolve();
    expect(textOf((await pieces.next()).value!)).toBe("b.");
    expect((await pieces.next()).done).toBe(true);
  });

  test("passes on what the chunks throw, and ends them when it is left", async () => {
    const isEnded = vi.fn();
    async function* chunks(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from("abcd");
        throw new Error("broken");
      } finally {
        isEnded();
      }
    }
    await expect(Array.fromAsync(gatherPieces(chunks(), () => 4))).rejects.toThrow("broken");
    expect(isEnded).toHaveBeenCalledOnce();
  });
});
