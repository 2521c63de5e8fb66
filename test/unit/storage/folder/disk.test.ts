import fs, { constants } from "node:fs";
import { writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { Disk } from "../../../../src/storage/folder/disk.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

test("a local disk answers at once, and another disk through a thread", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "a"), "abc");
  expect(new Disk(true).find(join(folder.path, "a"))).toMatchObject({ size: 3n });
  const status = new Disk(false).find(join(folder.path, "a"));
  expect(status).toBeInstanceOf(Promise);
  expect(await status).toMatchObject({ size: 3n });
});

test("a slow disk is asked through threads until it may be fast again", async () => {
  await using folder = await createTemporaryFolder();
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  vi.spyOn(fs, "lstatSync").mockImplementation(() => void (now += 60));
  syncBuiltinESMExports();
  const disk = new Disk(true);
  // One slow call may be another process, which had the processor.
  for (let i = 0; i < 2; i++) expect(disk.find(folder.path)).not.toBeInstanceOf(Promise);
  expect(disk.find(folder.path)).toBeInstanceOf(Promise);
  now += 10_001;
  expect(disk.find(folder.path)).not.toBeInstanceOf(Promise);
});

test("a file is closed after its last read, and its descriptor is not used again", async () => {
  await using folder = await createTemporaryFolder();
  await writeFile(join(folder.path, "a"), "abc");
  const file = await new Disk(true).open(join(folder.path, "a"), constants.O_RDONLY);
  const { fd } = file;
  const bytes = new Uint8Array(3);
  const reading = file.read(bytes, 0);
  const closing = file.close();
  expect(() => fs.fstatSync(fd)).not.toThrow();
  expect(await reading).toBe(3);
  await closing;
  expect(file.fd).toBe(-1);
  expect(() => fs.fstatSync(fd)).toThrow("EBADF");
  await expect(file.read(bytes, 0)).rejects.toMatchObject({ code: "ERR_OUT_OF_RANGE" });
  expect(() => file.close()).not.toThrow();
});

test("makes a small write at once, and a large one, or one of a slow disk, through a thread", async () => {
  await using folder = await createTemporaryFolder();
  // On a busy machine, a call would take long by the real clock.
  let [now, callMs] = [0, 0];
  vi.spyOn(performance, "now").mockImplementation(() => (now += callMs));
  const file = await new Disk(true).open(join(folder.path, "a"), "wx+");
  const quick = vi.spyOn(fs, "writeSync");
  syncBuiltinESMExports();
  const [small, large] = [new Uint8Array(128 * 1024).fill(1), new Uint8Array(128 * 1024 + 1).fill(2)];
  expect(await file.write(small, 0)).toBe(small.byteLength);
  expect(quick).toHaveBeenCalledTimes(1);
  expect(await file.write(large, small.byteLength)).toBe(large.byteLength);
  expect(quick).toHaveBeenCalledTimes(1);
  callMs = 60;
  for (let i = 0; i < 4; i++) await file.write(small, 0);
  expect(quick).toHaveBeenCalledTimes(3);
  await file.sync();
  expect((await file.stat()).size).toBe(BigInt(small.byteLength + large.byteLength));
  await file.close();
});
