import { mapInOrder } from "./map-in-order.ts";
import { decodeFacts, encodeFacts, type FactsEntry } from "./encode-facts.ts";
import { factsKey, ownBytesOf } from "./known-facts.ts";
import type { SideObjects, Storage, StorageLog } from "../storage/index.ts";

/** The number of facts that are kept together in one object. */
const objectFactCountMax = 4096;

/** The number of new facts that are written without waiting. Other servers read as many footers themselves, at most. */
const pendingCountMax = 1024;

/** The maximum memory of new facts that are not written yet, in bytes. A larger footer is always read from its file. */
const pendingBytesMax = 4 * 1024 * 1024;

/** How long new facts may stay unwritten, in milliseconds. It costs at most a request in this time. */
const writeIntervalMs = 300_000;

/** How often a server looks for facts that others have written, in milliseconds. */
const loadIntervalMs = 60_000;

/** The number of objects that are read at the same time. */
const loadConcurrencyMax = 4;

/** The number of objects beyond twice those that are needed, before they are joined. */
const spareObjectsMax = 32;

/** Options of a catalog of facts. */
export interface FactsCatalogOptions {
  readonly storage: Storage;
  readonly side: SideObjects;
  readonly log: StorageLog;
  /** Gets the facts that were loaded. */
  readonly onLoaded: (entry: FactsEntry) => void;
}

/**
 * Facts of datasets in objects beside them, so that a new server lists many datasets without opening them. Each server
 * writes objects with the facts that it has found, and reads the objects of others. Facts never change, and a missing
 * one is read from its dataset again, so that no order and no lock is needed.
 */
export class FactsCatalog {
  readonly #options: FactsCatalogOptions;
  #seenIds = new Set<string>();
  #pending: FactsEntry[] = [];
  #pendingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #loading: Promise<void> | undefined;
  #loadedMs = -Infinity;
  #writing: Promise<void> = Promise.resolve();
  #isReported = false;

  constructor(options: FactsCatalogOptions) {
    this.#options = options;
  }

  /** Loads what other servers have written since the last time. It does nothing if that was a short time ago. */
  async load(): Promise<void> {
    if (performance.now() - this.#loadedMs < loadIntervalMs) return;
    this.#loading ??= this.#try("read", () => this.#load()).finally(() => {
      this.#loadedMs = performance.now();
      this.#loading = undefined;
    });
    await this.#loading;
  }

  /** Adds facts that were read from a dataset. They are written later. */
  add(entry: FactsEntry): void {
    const byteLength = ownBytesOf(entry.known) + entry.known.facts.schemaHeader.byteLength;
    if (byteLength > pendingBytesMax / 2) return;
    this.#pending.push(entry);
    this.#pendingBytes += byteLength;
    if (this.#pending.length >= pendingCountMax || this.#pendingBytes >= pendingBytesMax) void this.write();
    else this.#timer ??= setTimeout(() => void this.write(), writeIntervalMs).unref();
  }

  /** Writes the facts that are not written yet. */
  async write(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const entries = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (entries.length > 0) {
      this.#writing = this.#writing.then(() => this.#try("written", () => this.#writeObject(entries)));
    }
    await this.#writing;
  }

  async #load(): Promise<void> {
    const { side, onLoaded } = this.#options;
    const ids = await side.list();
    const unseen = ids.filter((id) => !this.#seenIds.has(id));
    for await (const entries of mapInOrder(toAsync(unseen), loadConcurrencyMax, (id) => this.#read(id))) {
      for (const entry of entries) onLoaded(entry);
    }
    this.#seenIds = new Set(ids);
  }

  async #writeObject(entries: readonly FactsEntry[]): Promise<void> {
    const { side } = this.#options;
    this.#seenIds.add(await side.write(await encodeFacts(entries)));
    const ids = await side.list();
    if (ids.length > spareObjectsMax) await this.#join(ids);
  }

  /** Replaces many objects by few, which omit datasets that no longer exist. Other servers may do the same. */
  async #join(ids: readonly string[]): Promise<void> {
    const { storage, side } = this.#options;
    const live = new Set<string>();
    for await (const { name, version } of storage.list({ after: "" })) if (version) live.add(factsKey(name, version));
    const neededCount = Math.ceil(live.size / objectFactCountMax);
    if (ids.length <= 2 * neededCount + spareObjectsMax) return;
    let joined: FactsEntry[] = [];
    for (const id of ids) {
      // A key that is deleted here was in an earlier object.
      joined.push(...(await this.#read(id)).filter(({ key }) => live.delete(key)));
      if (joined.length < objectFactCountMax) continue;
      this.#seenIds.add(await side.write(await encodeFacts(joined)));
      joined = [];
    }
    if (joined.length > 0) this.#seenIds.add(await side.write(await encodeFacts(joined)));
    for (const id of ids) await side.remove(id);
  }

  /** Reads an object. One that was removed or is not valid is empty. */
  async #read(id: string): Promise<FactsEntry[]> {
    const bytes = await this.#options.side.read(id);
    if (bytes === undefined) return [];
    try {
      return await decodeFacts(bytes);
    } catch (reason) {
      this.#options.log.warn(
        { err: reason, id },
        "facts of datasets are not valid and are read again from the datasets",
      );
      return [];
    }
  }

  /** The catalog is only an optimization: a failure is logged once. */
  async #try(what: "read" | "written", act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (reason) {
      if (!this.#isReported) this.#options.log.warn({ err: reason }, `facts of datasets cannot be ${what}`);
      this.#isReported = true;
    }
  }
}

async function* toAsync<T>(items: readonly T[]): AsyncGenerator<T, void, undefined> {
  yield* items;
}
