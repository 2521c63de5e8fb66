import { describe, expect, test } from "vitest";
import { SendQueue, type Piece } from "../../../src/duplex/index.ts";
import { FlightError } from "../../../src/flight/index.ts";

const piece = (text: string, isEnd = false): Piece => ({ data: Buffer.from(text), isEnd });
const createQueue = (): SendQueue => new SendQueue({ queueBytesMax: 10, window: 4 });
const readAll = async (queue: SendQueue): Promise<string> =>
  Buffer.concat(await Array.fromAsync(queue.read())).toString();

async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const turn = new Promise<false>((resolve) => setTimeout(() => resolve(false), 5));
  return await Promise.race([promise.then(() => true), turn]);
}

describe("SendQueue", () => {
  test("gives pieces in their order, however they come, and each once", async () => {
    const queue = createQueue();
    const offers = [
      queue.offer(2, piece("c")),
      queue.offer(0, piece("a")),
      queue.offer(2, piece("c")),
      queue.offer(1, piece("b")),
      queue.offer(3, piece("", true)),
      queue.offer(0, piece("a")),
    ];
    expect(await readAll(queue)).toBe("abc");
    await Promise.all(offers);
    await queue.offer(3, piece("", true));
  });

  test("accepts no piece before those in front of it", async () => {
    const queue = createQueue();
    const second = queue.offer(1, piece("b"));
    expect(await isSettled(second)).toBe(false);
    await queue.offer(0, piece("a"));
    await second;
  });

  test("accepts no piece while it is full, and the next when it has been read from", async () => {
    const queue = createQueue();
    await queue.offer(0, piece("0123456789"));
    const waiting = queue.offer(1, piece("next"));
    expect(await isSettled(waiting)).toBe(false);
    const reader = queue.read();
    await reader.next();
    await waiting;
  });

  test("refuses what is beyond its window", async () => {
    await expect(createQueue().offer(4, piece("e"))).rejects.toMatchObject({ code: "out_of_range" });
  });

  test("refuses what comes behind the end", async () => {
    const queue = createQueue();
    await queue.offer(0, piece("a", true));
    await expect(queue.offer(1, piece("b"))).rejects.toMatchObject({ code: "failed_precondition" });
  });

  test("that fails tells the reader, those who wait, and those who come later", async () => {
    const queue = createQueue();
    const reading = readAll(queue);
    const waiting = queue.offer(1, piece("b"));
    const reason = new FlightError("cancelled", "gone");
    queue.fail(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(waiting).rejects.toBe(reason);
    await expect(queue.offer(0, piece("a"))).rejects.toBe(reason);
  });
});
