import { expect, test } from "vitest";
import { ByteRoom } from "../../../../src/parquet/workers/byte-room.ts";
import { never } from "../tables.ts";

/** Takes room, and notes when it has it. */
function taking(
  room: ByteRoom,
  byteLength: number,
  { order, signal = never }: { order: number[]; signal?: AbortSignal },
) {
  return room.take(byteLength, signal).then((giveBack) => {
    order.push(byteLength);
    return giveBack;
  });
}

test("those that wait for room get it in their order, also where a later one would fit", async () => {
  const room = new ByteRoom(10);
  const order: number[] = [];
  const first = await taking(room, 8, { order });
  const waiting = [taking(room, 9, { order }), taking(room, 1, { order })];
  expect(order).toEqual([8]);
  first();
  await Promise.all(waiting);
  expect(order).toEqual([8, 9, 1]);
});

test("who wants more than all of it gets all of it", async () => {
  const room = new ByteRoom(10);
  const order: number[] = [];
  const all = await taking(room, 100, { order });
  const next = taking(room, 10, { order });
  all();
  (await next)();
  expect(order).toEqual([100, 10]);
});

test("who leaves while waiting makes room for those behind", async () => {
  const room = new ByteRoom(10);
  const order: number[] = [];
  await taking(room, 5, { order });
  const call = new AbortController();
  const leaving = taking(room, 6, { order, signal: call.signal });
  const behind = taking(room, 4, { order });
  call.abort(new Error("left"));
  await expect(leaving).rejects.toThrow("left");
  await behind;
  await expect(taking(room, 1, { order, signal: call.signal })).rejects.toThrow("left");
  expect(order).toEqual([5, 4]);
});
