import { expect, test } from "vitest";
import { duplexFirstSendBytes as first } from "../../../src/duplex/limits.ts";
import { SendSize, sendSizeOf } from "../../../src/duplex/send-size.ts";

const soon = 10;

/** Accepts Sends of the size that it asks for, and gives the sizes. */
const grow = (size: SendSize, count: number): number[] =>
  Array.from({ length: count }, () => {
    const { byteLength } = size;
    size.accepted(byteLength, soon);
    return byteLength / first;
  });

test("the size doubles with each Send that is accepted soon, and not with smaller ones", () => {
  const size = new SendSize();
  expect(grow(size, 4)).toEqual([1, 2, 4, 8]);
  size.accepted(first, soon);
  expect(size.byteLength).toBe(16 * first);
});

test("the size stays where Sends take a second, and is halved where they take long", () => {
  const size = new SendSize();
  grow(size, 2);
  size.accepted(4 * first, 2_000);
  expect(size.byteLength).toBe(4 * first);
  size.accepted(4 * first, 10_000);
  expect(size.byteLength).toBe(2 * first);
  size.timedOut(2 * first);
  expect(size.byteLength).toBe(first);
});

test.each(["refused", "lost"] as const)("a size that was %s is not tried again", (outcome) => {
  const size = new SendSize();
  grow(size, 2);
  size[outcome](4 * first);
  size[outcome](4 * first);
  expect(grow(size, 3)).toEqual([2, 2, 2]);
});

test("a first Send that is refused is halved, down to the smallest", () => {
  const size = new SendSize();
  size.refused(first);
  expect(size.byteLength).toBe(first / 2);
  for (let i = 0; i < 9; i++) size.refused(size.byteLength);
  expect(size.byteLength).toBe(64 * 1024);
});

test("a Send that is lost at a size that was accepted before says nothing about the size", () => {
  const size = new SendSize();
  size.lost(first);
  expect(grow(size, 2)).toEqual([1, 2]);
  size.lost(2 * first);
  expect(grow(size, 2)).toEqual([4, 8]);
});

test("all streams to an origin have one size", () => {
  expect(sendSizeOf("http://a.example")).toBe(sendSizeOf("http://a.example"));
  expect(sendSizeOf("http://b.example")).not.toBe(sendSizeOf("http://a.example"));
});
