import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { parseDatasetName } from "../../../../src/dataset/index.ts";
import { ParquetPool } from "../../../../src/parquet/index.ts";
import { openFolderStore } from "../../../support/folder-store.ts";
import { openFolderStorage } from "../../../../src/storage/index.ts";
import { UploadArea } from "../../../../src/storage/folder/upload-area.ts";
import {
  aliveIntervalMs,
  createOwnerFolderName,
  currentOwner,
  isOwnerGone,
  parseOwnerFolderName,
  parseProcStat,
  startTimeOf,
} from "../../../../src/storage/folder/upload-owner.ts";
import { codeOf, putFrames, silentStreamOf } from "../../../contract/calls.ts";
import { createTable, toPutFrames } from "../../../contract/tables.ts";
import { startChild } from "../../../support/child.ts";
import { createTemporaryFolder } from "../../../support/folder.ts";
import { mockSyncs } from "../../../support/mock-syncs.ts";
import { waitUntil } from "../../../support/wait.ts";

const name = parseDatasetName("folder/a");
const uploadsIn = async (root: string): Promise<string[]> => readdir(join(root, ".hangar", "uploads"));
const filesIn = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

const minutesAgo = (minutes: number): number => Date.now() / 1000 - minutes * 60;

/** What a server of another machine, or of another container, left. */
async function leaveForeignUpload(root: string): Promise<string> {
  const owner = { machine: "0123456789abcdef", pid: 1, startTime: "1" };
  const ownerFolder = join(root, ".hangar", "uploads", createOwnerFolderName(owner));
  await mkdir(ownerFolder, { recursive: true });
  await writeFile(join(ownerFolder, "unfinished"), "PAR1");
  return ownerFolder;
}

/** A process that runs until it is killed. */
function startSleeper() {
  return spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
}

const content = new TextEncoder().encode("content");
const place = { name, mode: "replace" } as const;

afterEach(() => void vi.restoreAllMocks());

describe("an upload", () => {
  test("is nothing before its commit and a dataset after it", async () => {
    await using folder = await createTemporaryFolder();
    const storage = await openFolderStorage({ folder: folder.path });
    expect(await readdir(folder.path)).toEqual([]);
    const upload = await storage.create(place);
    await upload.append(content);
    await waitUntil("it has a file", async () => (await readdir(folder.path)).length > 0);
    expect(await readdir(folder.path)).toEqual([".hangar"]);
    await upload.commit();
    await upload.discard();
    expect(await readFile(join(folder.path, "folder", "a"), "utf8")).toBe("content");
    await storage.close();
    expect(await uploadsIn(folder.path)).toEqual([]);
  });

  test("that is discarded leaves nothing, whether it was being written or its commit failed", async () => {
    await using folder = await createTemporaryFolder();
    const storage = await openFolderStorage({ folder: folder.path });
    const written = await storage.create(place);
    await written.append(content);
    await written.discard();
    await writeFile(join(folder.path, "folder"), "a dataset");
    const blocked = await storage.create(place);
    await expect(blocked.commit()).rejects.toMatchObject({ code: "failed_precondition" });
    await blocked.discard();
    expect(await filesIn(folder.path)).toEqual(["folder"]);
    await storage.close();
  });

  test("is synced before it is renamed, and so is every folder of its name after it", async () => {
    await using folder = await createTemporaryFolder();
    const storage = await openFolderStorage({ folder: folder.path });
    const target = join(folder.path, "folder", "a");
    const wasPlaced: boolean[] = [];
    mockSyncs(async () => void wasPlaced.push(existsSync(target)));
    const upload = await storage.create(place);
    await upload.commit();
    expect(wasPlaced).toEqual([false, true, true]);
    await storage.close();
  });

  test("is not acknowledged when its sync fails", async () => {
    await using folder = await createTemporaryFolder();
    const storage = await openFolderStorage({ folder: folder.path });
    const fails = (): Promise<void> => Promise.reject(Object.assign(new Error("EIO"), { code: "EIO" }));
    mockSyncs(fails);
    const upload = await storage.create(place);
    await expect(upload.commit()).rejects.toMatchObject({ cause: { code: "EIO" } });
    await upload.discard();
    expect(await filesIn(folder.path)).toEqual([]);
    await storage.close();
  });
});

describe("a start on a folder", () => {
  test("removes what a killed process left, and nothing of processes that live", async () => {
    await using folder = await createTemporaryFolder();
    const sleepers = [startSleeper(), startSleeper()] as const;
    const self = await currentOwner();
    const folders = await Promise.all(
      sleepers.map(async ({ pid }) => {
        const ownerFolder = createOwnerFolderName({ ...self, pid: pid!, startTime: (await startTimeOf(pid!))! });
        await mkdir(join(folder.path, ".hangar", "uploads", ownerFolder), { recursive: true });
        await writeFile(join(folder.path, ".hangar", "uploads", ownerFolder, "unfinished"), "PAR1");
        return ownerFolder;
      }),
    );
    sleepers[0].kill("SIGKILL");
    await once(sleepers[0], "exit");

    const ours = await UploadArea.open(folder.path);
    const upload = ours.create();
    const stranger = join(folder.path, ".hangar", "uploads", "not-an-owner");
    await mkdir(stranger);
    expect(await (await UploadArea.open(folder.path)).sweep()).toBe(1);
    const left = await uploadsIn(folder.path);
    expect(left).toHaveLength(3);
    expect(left).not.toContain(folders[0]);
    expect(left).toEqual(expect.arrayContaining([folders[1], "not-an-owner"]));
    await upload.discard();
    await ours.close();

    sleepers[1].kill("SIGKILL");
    await once(sleepers[1], "exit");
    expect(await (await UploadArea.open(folder.path)).sweep()).toBe(1);
    expect(await filesIn(folder.path)).toEqual([]);
  });

  test("removes what a server left that was killed in the middle of a put", async () => {
    await using folder = await createTemporaryFolder();
    const script = join(import.meta.dirname, "put-and-hang.ts");
    await using server = startChild(process.execPath, [script, folder.path, "a"]);
    await server.waitFor(/ready/);
    await waitUntil("the put has its file", async () => (await filesIn(folder.path)).length > 0);
    const area = await UploadArea.open(folder.path);
    expect(await area.sweep()).toBe(0);
    server.kill("SIGKILL");
    await server.exit();
    expect(await filesIn(folder.path)).toHaveLength(1);
    expect(await area.sweep()).toBe(1);
    expect(await filesIn(folder.path)).toEqual([]);
  });

  test("leaves what another machine wrote to within a quarter of an hour, and removes it later", async () => {
    await using folder = await createTemporaryFolder();
    const ownerFolder = await leaveForeignUpload(folder.path);
    const area = await UploadArea.open(folder.path);
    await utimes(ownerFolder, minutesAgo(30), minutesAgo(30));
    expect(await area.sweep()).toBe(0);
    await utimes(join(ownerFolder, "unfinished"), minutesAgo(20), minutesAgo(20));
    expect(await area.sweep()).toBe(1);
    expect(await uploadsIn(folder.path)).toEqual([]);
  });

  test("is followed by looks at it: what a container left that was started anew at once is removed, too", async () => {
    await using folder = await createTemporaryFolder();
    const ownerFolder = await leaveForeignUpload(folder.path);
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const pool = new ParquetPool({ workerCount: 1 });
    const store = await openFolderStore({ folder: folder.path, pool });
    expect(await uploadsIn(folder.path)).toHaveLength(1);
    const call = new AbortController();
    const frames = toPutFrames(["a"], createTable(1));
    const ended = codeOf(putFrames(store, silentStreamOf(frames), { signal: call.signal }));
    await waitUntil("a put of its own is under way", async () => (await filesIn(folder.path)).length === 2);
    const mine = (await uploadsIn(folder.path)).find((folderName) => !ownerFolder.endsWith(folderName))!;
    for (const path of [ownerFolder, join(ownerFolder, "unfinished"), join(folder.path, ".hangar", "uploads", mine)]) {
      await utimes(path, minutesAgo(20), minutesAgo(20));
    }
    vi.advanceTimersByTime(aliveIntervalMs);
    vi.useRealTimers();
    await waitUntil("it is removed", async () => (await uploadsIn(folder.path)).length === 1);
    // A put that nobody writes to says that it has an owner.
    expect((await stat(join(folder.path, ".hangar", "uploads", mine))).mtimeMs).toBeGreaterThan(minutesAgo(5) * 1000);
    call.abort();
    expect(await ended).toBe("cancelled");
    await store.close();
    await pool.close();
  });

  test("of an empty folder removes nothing", async () => {
    await using folder = await createTemporaryFolder();
    expect(await (await UploadArea.open(folder.path)).sweep()).toBe(0);
    expect(await readdir(folder.path)).toEqual([]);
  });
});

describe("the owner of uploads", () => {
  const self = { machine: "0123456789abcdef", pid: 10, startTime: "100" };
  const elsewhere = { ...self, machine: "fedcba9876543210" };
  const hourMs = 3_600_000;

  test.each([
    ["lives", { owner: self, startTimeNow: "100", idleMs: 100 * hourMs }, false],
    ["is dead", { owner: self, startTimeNow: undefined, idleMs: 0 }, true],
    ["is dead, and another process has its pid", { owner: self, startTimeNow: "101", idleMs: 0 }, true],
    ["is elsewhere and wrote lately", { owner: elsewhere, startTimeNow: undefined, idleMs: hourMs / 5 }, false],
    ["is elsewhere and wrote long ago", { owner: elsewhere, startTimeNow: undefined, idleMs: hourMs / 3 }, true],
    ["is elsewhere, with a pid of ours", { owner: elsewhere, startTimeNow: "100", idleMs: 0 }, false],
  ])("that %s is judged so", (_, evidence, isGone) => {
    expect(isOwnerGone({ self, ...evidence })).toBe(isGone);
  });

  test("is told by the folder's name", async () => {
    const owner = await currentOwner();
    expect(parseOwnerFolderName(createOwnerFolderName(owner))).toEqual(owner);
    expect(createOwnerFolderName(owner)).not.toBe(createOwnerFolderName(owner));
    for (const text of ["", "x", "0123456789abcdef-0-1-01234567", "0123456789abcdef-1-1-0123456", "../x"]) {
      expect(parseOwnerFolderName(text)).toBeUndefined();
    }
  });

  test.each([
    ["1 (node) S 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 4711 1 1", "4711"],
    ["1 (a) b (c) R 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 4711 1 1", "4711"],
    ["1 (node) Z 0 1 1 0 -1 4194560 1 0 0 0 1 1 0 0 20 0 1 0 4711 1 1", undefined],
  ])("started when the system says: %s", (line, startTime) => {
    expect(parseProcStat(line)).toBe(startTime);
  });
});
