import { describe, expect, test } from "vitest";
import { parseDatasetName } from "../../src/dataset/index.ts";
import type { Committed, Placement, Storage } from "../../src/storage/index.ts";

/** What a storage does with `a/b` if `a` exists. */
export type Nesting = "refused" | "refused by the commit" | "allowed" | "not listed";

/** A storage that is empty, and others over the same files. */
export interface StorageUnderTest extends AsyncDisposable {
  readonly storage: Storage;
  /** Another storage over the same files, as another server has it; the same one where there is no other. */
  openAnother(): Promise<Storage>;
  /** What holds of a name that is a folder of other names, or below one: by default no such name can be put. */
  readonly nesting?: Nesting;
  /** How many files there are that have no name: uploads that have not ended. */
  countUnnamed(): Promise<number>;
}

const name = parseDatasetName;
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const placement: Placement = { name: name("a"), mode: "replace" };

async function put(storage: Storage, text: string, placement: Placement): Promise<Committed> {
  const upload = await storage.create(placement);
  try {
    await upload.append(encode(text));
    return await upload.commit();
  } finally {
    await upload.discard();
  }
}

const replace = (storage: Storage, path: string, text: string, ifVersion?: readonly string[] | "*") =>
  put(storage, text, { name: name(path), mode: "replace", ifVersion });
const create = (storage: Storage, path: string, text: string) =>
  put(storage, text, { name: name(path), mode: "create" });

async function contentOf(storage: Storage, path: string): Promise<string> {
  const file = await storage.open(name(path));
  try {
    return new TextDecoder().decode(await file.read(0, file.version.byteLength));
  } finally {
    await file.close();
  }
}

async function namesIn(storage: Storage, options: { after?: string; prefix?: string } = {}): Promise<string[]> {
  const files = await Array.fromAsync(storage.list({ after: "", ...options }));
  return files.map((file) => file.name);
}

/** What every storage does, whatever it is made of. */
export function describeStorage(what: string, open: () => Promise<StorageUnderTest>): void {
  describe(`${what} keeps the contract of storages`, () => {
    test("a file is invisible until its commit, and then whole", async () => {
      await using opened = await open();
      const { storage } = opened;
      const upload = await storage.create({ name: name("a/b"), mode: "create" });
      await upload.append(encode("one, "));
      await upload.append(encode("two"));
      expect(await namesIn(storage)).toEqual([]);
      await expect(storage.stat(name("a/b"))).rejects.toMatchObject({ code: "not_found" });
      const { version, isNew } = await upload.commit();
      await upload.discard();
      expect(isNew).toBe(true);
      expect(version).toMatchObject({ byteLength: 8 });
      expect(await storage.stat(name("a/b"))).toEqual({ ...version, changed: expect.any(Date) as Date });
      expect(await contentOf(await opened.openAnother(), "a/b")).toBe("one, two");
      expect(await opened.countUnnamed()).toBe(0);
    });

    test("an upload that is discarded leaves nothing", async () => {
      await using opened = await open();
      const upload = await opened.storage.create(placement);
      await upload.append(encode("x"));
      await upload.discard();
      await upload.discard();
      expect(await namesIn(opened.storage)).toEqual([]);
      expect(await opened.countUnnamed()).toBe(0);
    });

    test("an upload can be read before its commit, and a scratch file is gone when it is closed", async () => {
      await using opened = await open();
      for (const file of [
        await opened.storage.create(placement, { isReread: true }),
        await opened.storage.createScratch(),
      ]) {
        await file.append(encode("0123456789"));
        const reopened = await file.reopen();
        expect(reopened.version.byteLength).toBe(10);
        expect(new TextDecoder().decode(await reopened.read(3, 6))).toBe("345");
        await reopened.close();
        await file.discard();
      }
      expect(await opened.countUnnamed()).toBe(0);
    });

    test("a replacement is another version, and tells that it is none that was not there", async () => {
      await using opened = await open();
      const first = await replace(opened.storage, "a", "first");
      const second = await replace(await opened.openAnother(), "a", "other");
      expect([first.isNew, second.isNew]).toEqual([true, false]);
      expect(second.version.id).not.toBe(first.version.id);
      expect(await contentOf(opened.storage, "a")).toBe("other");
      expect((await opened.storage.stat(name("a"))).id).toBe(second.version.id);
    });

    test("of many that create a name at once one wins, and a file that is there stays", async () => {
      await using opened = await open();
      const storages = [opened.storage, await opened.openAnother()];
      const texts = Array.from({ length: 24 }, (_, i) => `creator ${i}`);
      const outcomes = await Promise.allSettled(texts.map((text, i) => create(storages[i % 2]!, "a/b", text)));
      const winners = texts.filter((_, i) => outcomes[i]!.status === "fulfilled");
      expect(winners).toHaveLength(1);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "already_exists" });
      }
      await expect(create(opened.storage, "a/b", "late")).rejects.toMatchObject({ code: "already_exists" });
      expect(await contentOf(opened.storage, "a/b")).toBe(winners[0]);
      expect(await opened.countUnnamed()).toBe(0);
    });

    test("a change that is meant for one version happens to that version alone", async () => {
      await using opened = await open();
      const { storage } = opened;
      const { version: first } = await replace(storage, "a", "first");
      const { version: second } = await replace(storage, "a", "second", [first.id]);
      const stale = { code: "failed_precondition", message: 'dataset "a" has another version now' };
      await expect(replace(storage, "a", "third", [first.id])).rejects.toMatchObject(stale);
      await expect(storage.drop(name("a"), [first.id])).rejects.toMatchObject(stale);
      await expect(
        storage.assertPlaceable({ name: name("a"), mode: "replace", ifVersion: [first.id] }),
      ).rejects.toMatchObject(stale);
      await expect(replace(storage, "b", "x", "*")).rejects.toMatchObject({ code: "not_found" });
      expect(await contentOf(storage, "a")).toBe("second");
      await storage.drop(name("a"), ["no version", second.id]);
      await expect(storage.stat(name("a"))).rejects.toMatchObject({ code: "not_found" });
    });

    test("a reader keeps its version through a replacement and a drop, or is told that it is gone", async () => {
      await using opened = await open();
      const { storage } = opened;
      await replace(storage, "a", "first");
      const file = await storage.open(name("a"));
      const read = async (): Promise<string> => {
        try {
          const text = new TextDecoder().decode(await file.read(0, file.version.byteLength));
          await file.assertUnchanged();
          return text;
        } catch (reason) {
          return (reason as { code: string }).code;
        }
      };
      expect(await read()).toBe("first");
      await replace(storage, "a", "other");
      expect(["first", "aborted"]).toContain(await read());
      await storage.drop(name("a"));
      expect(["first", "aborted"]).toContain(await read());
      await file.close();
    });

    test("reads ranges, into memory that it is given too", async () => {
      await using opened = await open();
      await replace(opened.storage, "a", "0123456789");
      const file = await opened.storage.open(name("a"));
      expect(new TextDecoder().decode(await file.read(0, 10))).toBe("0123456789");
      expect((await file.read(4, 4)).byteLength).toBe(0);
      const into = new Uint8Array(8);
      const part = await file.read(7, 10, { into });
      expect([new TextDecoder().decode(part), part.buffer === into.buffer]).toEqual(["789", true]);
      await file.close();
    });

    test("lists names in the order of their bytes, from a place on, with a prefix", async () => {
      await using opened = await open();
      const names = ["Z", "a-b", "a.b", "a/b/c", "a/b.c", "a/c", "a0", "aa", "é", "\u{10000}"];
      for (const path of names) await replace(opened.storage, path, path);
      const sorted = names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(await namesIn(opened.storage)).toEqual(sorted);
      for (const after of ["a", "a/b", "a/c", "zz"]) {
        const following = sorted.filter((path) => Buffer.compare(Buffer.from(path), Buffer.from(after)) > 0);
        expect(await namesIn(opened.storage, { after })).toEqual(following);
      }
      for (const prefix of ["a", "a/", "a/b", "é", "nothing"]) {
        expect(await namesIn(opened.storage, { prefix })).toEqual(sorted.filter((path) => path.startsWith(prefix)));
      }
    });

    test("a name that is a folder of others, or below a file, can be put where a storage has no folders", async () => {
      await using opened = await open();
      const { nesting = "refused" } = opened;
      await replace(opened.storage, "a/b", "x");
      for (const path of ["a", "a/b/c"]) {
        const refusal = { code: "failed_precondition", message: expect.stringContaining("cannot be put") as string };
        const blocked = { name: name(path), mode: "replace" } as const;
        if (nesting === "refused") await expect(opened.storage.assertPlaceable(blocked)).rejects.toMatchObject(refusal);
        const putting = put(opened.storage, path, blocked);
        if (nesting.startsWith("refused")) await expect(putting).rejects.toMatchObject(refusal);
        else await putting;
      }
      if (!nesting.startsWith("refused")) {
        const nested = ["a", "a/b", "a/b/c"];
        for (const path of nested)
          expect(await opened.storage.stat(name(path))).toMatchObject({ byteLength: path === "a/b" ? 1 : path.length });
        expect(await namesIn(opened.storage)).toEqual(nesting === "allowed" ? nested : ["a"]);
        return;
      }
      await opened.storage.drop(name("a/b"));
      await replace(opened.storage, "a", "now it can");
      expect(await namesIn(opened.storage)).toEqual(["a"]);
    });

    test("what is not there is NOT_FOUND, by its name", async () => {
      await using opened = await open();
      const missing = { code: "not_found", message: 'there is no dataset "a/b"', dataset: "a/b" };
      await expect(opened.storage.stat(name("a/b"))).rejects.toMatchObject(missing);
      await expect(opened.storage.open(name("a/b"))).rejects.toMatchObject(missing);
      await expect(opened.storage.drop(name("a/b"))).rejects.toMatchObject(missing);
    });
  });
}
