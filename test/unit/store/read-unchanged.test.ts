import { appendFile, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createFrame, FlightError, type FlightFrame } from "../../../src/flight/index.ts";
import { openLocalFile } from "../../../src/storage/index.ts";
import { changeCheckBytes } from "../../../src/store/limits.ts";
import { readUnchanged } from "../../../src/store/read-unchanged.ts";
import { createTemporaryFolder } from "../../support/folder.ts";

/** Opens a file of long ago, and reads frames under it; `meanwhile` runs before the last one. */
async function readWhile(meanwhile: (path: string) => Promise<void>, failure?: Error, byteLength = 8): Promise<number> {
  await using folder = await createTemporaryFolder();
  const path = join(folder.path, "a");
  await writeFile(path, "content");
  await utimes(path, 1, 1);
  const file = await openLocalFile(path);
  await using _closed = { [Symbol.asyncDispose]: () => file.close() };
  const frame = createFrame({ header: new Uint8Array(byteLength) });
  async function* frames(): AsyncGenerator<FlightFrame, void, undefined> {
    yield frame;
    await meanwhile(path);
    yield frame;
    if (failure) throw failure;
  }
  let frameCount = 0;
  for await (const _ of readUnchanged(file, frames())) frameCount += 1;
  return frameCount;
}

const aborted = { code: "aborted" };

test("frames of a file that stays pass, and so does their failure", async () => {
  expect(await readWhile(async () => {})).toBe(2);
  await expect(readWhile(async () => {}, new FlightError("data_loss", "corrupt"))).rejects.toThrow("corrupt");
});

test("a file that grows, or is written in place, ends the read with ABORTED", async () => {
  await expect(readWhile((path) => appendFile(path, "more"))).rejects.toMatchObject(aborted);
  await expect(readWhile((path) => writeFile(path, "CONTENT"))).rejects.toMatchObject(aborted);
});

test("what a change in place makes fail is not blamed on the contents", async () => {
  const failure = new FlightError("data_loss", "corrupt");
  await expect(readWhile((path) => appendFile(path, "more"), failure)).rejects.toMatchObject(aborted);
});

test("a change is found before the end of a long read", async () => {
  await expect(
    readWhile((path) => appendFile(path, "more"), new Error("read to the end"), changeCheckBytes / 2),
  ).rejects.toMatchObject(aborted);
});
