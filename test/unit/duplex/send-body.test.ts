import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { gatherPieces, sendBody, type OutgoingPiece } from "../../../src/duplex/send-body.ts";

const limits = { window: 2, sendBytesMax: 4 };
const never = new AbortController().signal;

describe("gatherPieces", () => {
  const gather = async (chunks: string[], max: number): Promise<string[]> =>
    (
      await Array.fromAsync(
        gatherPieces(
          chunks.map((chunk) => Buffer.from(chunk)),
          max,
        ),
      )
    ).map((piece) => Buffer.from(piece).toString());

  test.each<[string[], string[]]>([
    [[], []],
    [["", ""], []],
    [["a", "b", "c"], ["abc"]],
    [["abcd"], ["abcd"]],
    [
      ["abc", "defg", "h"],
      ["abcd", "efgh"],
    ],
    [["abcdefghij"], ["abcd", "efgh", "ij"]],
  ])("makes of %j the pieces %j", async (chunks, pieces) => {
    expect(await gather(chunks, 4)).toEqual(pieces);
  });

  test("does not hold a chunk back that is followed by silence", async () => {
    const silence = Promise.withResolvers<void>();
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("a");
      await silence.promise;
      yield Buffer.from("b");
    }
    const pieces = gatherPieces(chunks(), 100);
    expect(Buffer.from((await pieces.next()).value).toString()).toBe("a");
    silence.resolve();
    expect(Buffer.from((await pieces.next()).value).toString()).toBe("b");
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
    await expect(Array.fromAsync(gatherPieces(chunks(), 4))).rejects.toThrow("broken");
    expect(isEnded).toHaveBeenCalledOnce();
  });
});

describe("sendBody", () => {
  const body = ["abcd", "efgh", "ij"].map((text) => Buffer.from(text));

  test("numbers the pieces and marks the end", async () => {
    const sent: OutgoingPiece[] = [];
    await sendBody(body, limits, async (piece) => (sent.push(piece), { accepted: true }), never);
    expect(sent.map(({ sequence, data, end }) => [Number(sequence), Buffer.from(data).toString(), end])).toEqual([
      [0, "abcd", false],
      [1, "efgh", false],
      [2, "ij", false],
      [3, "", true],
    ]);
  });

  test("has no more pieces under way than the window", async () => {
    let underWay = 0;
    let most = 0;
    const send = async (): Promise<{ accepted: boolean }> => {
      most = Math.max(most, (underWay += 1));
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return { accepted: true };
    };
    await sendBody(body, limits, send, never);
    expect(most).toBe(2);
  });

  test("sends a piece again that was not accepted, or was lost on the way", async () => {
    const outcomes: (Error | boolean)[] = [new ConnectError("lost", Code.Unavailable), false, true];
    const sequences: number[] = [];
    const send = async ({ sequence }: OutgoingPiece): Promise<{ accepted: boolean }> => {
      sequences.push(Number(sequence));
      const outcome = sequence === 0n ? outcomes.shift() : true;
      if (outcome instanceof Error) throw outcome;
      return { accepted: outcome ?? true };
    };
    await sendBody([Buffer.from("a")], { window: 1, sendBytesMax: 4 }, send, never);
    expect(sequences).toEqual([0, 0, 0, 1]);
  });

  test("gives up at an error that does not pass", async () => {
    const send = vi.fn().mockRejectedValue(new ConnectError("no such stream", Code.NotFound));
    await expect(sendBody([Buffer.from("a")], limits, send, never)).rejects.toMatchObject({ code: Code.NotFound });
  });

  test("stops when its signal aborts", async () => {
    const leaving = new AbortController();
    const send = async (): Promise<{ accepted: boolean }> => (leaving.abort(new Error("left")), { accepted: false });
    await expect(sendBody([Buffer.from("a")], limits, send, leaving.signal)).rejects.toThrow("left");
  });
});
