import { describe, expect, test } from "vitest";
import { SendQueue } from "../../../src/duplex/index.ts";
import { FlightError } from "../../../src/flight/index.ts";

const bytes = (text: string): Uint8Array => Buffer.from(text);
const createQueue = (): SendQueue => new SendQueue({ queueBytesMax: 10, windowBytes: 40 });
const readAll = async (queue: SendQueue): Promise<string> =>
  Buffer.concat(await Array.fromAsync(queue.read())).toString();

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));
  return await Promise.race([promise.then(() => true), turn]);
}

describe("SendQueue", () => {
  test("gives bytes in their order, and each once, however they come", async () => {
    const queue = createQueue();
    const accepted = [
      queue.offer(2, bytes("cd")),
      queue.offer(0, bytes("ab")),
      queue.offer(0, bytes("ab")),
      queue.offer(1, bytes("bcd")),
      queue.offer(2, bytes("cd")),
      queue.offer(0, bytes("abcde")),
    ];
    expect(accepted).toEqual([false, true, true, true, true, true]);
    expect(queue.acceptedByteLength).toBe(5);
    queue.end(5);
    queue.end(5);
    expect(await readAll(queue)).toBe("abcde");
  });

  test("gives views of the chunks that it got, and copies none", async () => {
    const queue = createQueue();
    const chunks = ["ab", "bcd"].map((text) => new TextEncoder().encode(text));
    queue.offer(0, chunks[0]!);
    queue.offer(1, chunks[1]!);
    queue.end(4);
    const given = await Array.fromAsync(queue.read());
    expect(given.map(({ buffer }) => buffer)).toEqual(chunks.map(({ buffer }) => buffer));
    expect(given.every(({ buffer }, i) => buffer === chunks[i]!.buffer)).toBe(true);
  });

  test("accepts nothing while it is full, and tells when it has room", async () => {
    const queue = createQueue();
    expect([queue.offer(0, bytes("0123456789ab")), queue.offer(12, bytes("c"))]).toEqual([true, false]);
    const { changed } = queue;
    expect(await isSettled(changed)).toBe(false);
    await queue.read().next();
    await changed;
    expect(queue.offer(12, bytes("c"))).toBe(true);
  });

  test("refuses what is beyond its window", async () => {
    expect(createQueue().offer(40, bytes("x"))).toBe(false);
    expect(() => createQueue().offer(41, bytes("x"))).toThrow("window of 40 bytes");
  });

  test("refuses what comes behind the end, and another end", async () => {
    const queue = createQueue();
    queue.offer(0, bytes("ab"));
    queue.end(2);
    expect(queue.offer(0, bytes("ab"))).toBe(true);
    expect(() => queue.offer(2, bytes("c"))).toThrow("the request ended before byte 3");
    expect(() => queue.end(3)).toThrow("the request ended before byte 3");
    expect(() => queue.end(1)).toThrow("cannot end at byte 1");
  });

  test("that fails tells the reader, those who wait, and those who come later", async () => {
    const queue = createQueue();
    const reading = readAll(queue);
    const { changed } = queue;
    const reason = new FlightError("cancelled", "gone");
    queue.fail(reason);
    await changed;
    await expect(reading).rejects.toBe(reason);
    expect(() => queue.offer(0, bytes("a"))).toThrow(reason);
  });
});
