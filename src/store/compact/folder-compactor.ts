import { setTimeout } from "node:timers/promises";
import {
  createCompactedName,
  folderOf,
  isCompactedName,
  type CheckedCompact,
  type CompactedFile,
  type DatasetName,
} from "../../dataset/index.ts";
import { FlightError, quoteName, type FlightFrame } from "../../flight/index.ts";
import type { ParquetPool } from "../../parquet/index.ts";
import { throwIfAborted, type CallContext } from "../../producer/index.ts";
import type { Committed, Storage, StorageLog } from "../../storage/index.ts";
import type { DatasetReader, DescribedDataset } from "../dataset-reader.ts";
import type { DatasetWriter } from "../dataset-writer.ts";
import { describeFlatFolder } from "../folder/describe-folder.ts";
import { sortFiles, type SortedFiles } from "../folder/current-files.ts";
import type { FileOfFolder } from "../folder/list-folder.ts";
import { readFolder } from "../folder/read-folder.ts";
import { encodeReplaced, type ReplacedFiles } from "../folder/replaced-files.ts";
import type { RunningReads } from "../folder/running-reads.ts";
import { bytesKey } from "../known-facts.ts";
import { compactConcurrencyMax, compactReadsWaitMs, leftOverAgeMs } from "../limits.ts";
import { mapInOrder } from "../map-in-order.ts";
import { toPlainSource, type PlainSource } from "./plain-source.ts";
import { planGroups, planSortedGroups } from "./plan-groups.ts";
import { sortFrames } from "./sort-frames.ts";
import { findSortColumn } from "./sort-column.ts";

/** The dependencies of a `FolderCompactor`. */
export interface CompactorOptions {
  readonly storage: Storage;
  readonly pool: ParquetPool;
  readonly reader: DatasetReader;
  readonly writer: DatasetWriter;
  readonly replaced: ReplacedFiles;
  readonly reads: RunningReads;
  readonly log: StorageLog;
}

/** A folder whose files are joined, and its files. */
export interface FolderFiles {
  readonly folder: string;
  readonly files: readonly FileOfFolder[];
  /** Lists the files again. */
  readonly list: () => Promise<readonly FileOfFolder[]>;
}

/** Files that become one. */
interface Joined extends FolderFiles {
  readonly files: readonly DescribedDataset[];
  readonly plain: PlainSource;
  /** The index of the column by which the rows are sorted; undefined if they keep their order. */
  readonly sortColumn: number | undefined;
}

/**
 * Joins the small files of one folder.
 *
 * A new file is committed under a name of its own. Its footer has the names and versions of the files that it replaces, and
 * readers of the folder leave these out from then on (`sortFiles`). So they see either the old files or the new one. After
 * that, the old files are dropped. If the process ends in between, a later compaction drops them.
 */
export class FolderCompactor {
  readonly #options: CompactorOptions;
  readonly #running = new Set<string>();
  #sorting = Promise.resolve();

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  /**
   * Joins files until no two small ones are left, except those that come meanwhile.
   *
   * @returns each new file, after the files that it replaces were dropped
   * @throws FlightError ABORTED if another compaction of the folder runs, or if a file was replaced or dropped meanwhile;
   * PERMISSION_DENIED if the caller may not replace and drop each of the files; INVALID_ARGUMENT if their columns do not
   * fit together, or the rows cannot be sorted
   */
  async *run(
    context: CallContext,
    { folder, files, list }: FolderFiles,
    command: CheckedCompact,
  ): AsyncGenerator<CompactedFile, void, undefined> {
    if (this.#running.has(folder)) {
      throw new FlightError("aborted", `another compaction of the folder ${quoteName(folder)} is running`);
    }
    this.#running.add(folder);
    try {
      const sorted = await sortFiles(files, (file) => this.#options.replaced.of(file));
      const unfinished = finishersOf(sorted, command.dryRun ? new Set() : await this.#dropLeftOvers(sorted));
      const { sortBy } = command;
      const changedBefore = new Date(Date.now() - command.olderThanSeconds * 1000);
      const candidates = sorted.current.filter((file) => !unfinished.has(file));
      for (const group of planGroups(candidates, { targetBytes: command.targetBytes, changedBefore })) {
        throwIfAborted(context.signal);
        await assertMayJoin(context, group);
        const described = await this.#describe(group);
        for (const joined of sortBy === undefined ? [described] : planSortedGroups(described)) {
          const plain = toPlainSource(describeFlatFolder(createCompactedName(folder), joined, joined[0]!.version));
          const sortColumn = sortBy === undefined ? undefined : findSortColumn(plain.source.fields, { folder, sortBy });
          if (command.dryRun) yield summarize(joined);
          else yield await this.#join(context, { folder, files: joined, list, plain, sortColumn });
        }
      }
    } finally {
      this.#running.delete(folder);
    }
  }

  /** Drops files that do not count and that an earlier compaction has left. Returns those that are gone. */
  async #dropLeftOvers({ replaced, void: second }: SortedFiles<FileOfFolder>): Promise<Set<FileOfFolder>> {
    const isOld = ({ version }: FileOfFolder): boolean => Date.now() - version.changed.getTime() > leftOverAgeMs;
    const leftOver = [...replaced.filter(({ by }) => isOld(by)), ...second.filter(({ file }) => isOld(file))];
    const files = leftOver.map(({ file }) => file);
    const left = await this.#drop(files);
    return new Set(files.filter((file) => !left.has(file)));
  }

  async #describe(files: readonly FileOfFolder[]): Promise<DescribedDataset[]> {
    return await collect(files, ({ name, version }) => this.#options.reader.describe(name, version));
  }

  async #join(context: CallContext, { files, list, plain, sortColumn }: Joined): Promise<CompactedFile> {
    const { storage, pool, writer, reads } = this.#options;
    const { signal } = context;
    const { source, declared } = plain;
    const { name } = source;
    const { schemaHeader, batches } = await splitSchema(readFolder({ storage, pool }, source, {}, signal));
    const sorted =
      sortColumn === undefined
        ? batches
        : this.#sort(batches, { fields: source.fields, columnIndex: sortColumn, signal });
    const committed = await writer.putFrames(
      { schemaHeader, batches: sorted },
      {
        name,
        mode: "create",
        rowCount: Number(source.facts.rowCount),
        file: { extension: encodeReplaced(files), declared },
        beforeCommit: () => this.#assertCurrent(files, list),
      },
      context,
    );
    context.note?.({ dataset: name, right: "replace" });
    try {
      // Another server may commit until it lists the own file, and this one lists that commit only later.
      await setTimeout(2 * storage.listedAfterMs, undefined, { signal });
      await this.#assertCurrent(files, list, name);
    } catch (reason) {
      await this.#undo(name, committed);
      throwIfAborted(signal);
      throw reason;
    }
    await reads.ended(names(files), { signal, limitMs: compactReadsWaitMs });
    await this.#drop(files);
    return { dataset: name, ...summarize(files), bytes: committed.version.byteLength };
  }

  /** One file after the other is sorted, because all rows of a file are in memory. */
  async *#sort(
    batches: AsyncIterable<FlightFrame>,
    options: Parameters<typeof sortFrames>[1],
  ): AsyncGenerator<FlightFrame, void, undefined> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = this.#sorting;
    this.#sorting = promise;
    try {
      await before;
      yield* sortFrames(batches, options);
    } finally {
      resolve();
    }
  }

  /**
   * Asserts that no file has been replaced or dropped, and that no other compaction has joined it. Afterwards, if two have
   * committed at the same time, the first name counts.
   *
   * @param own - the name of the own compacted file, once it is committed
   */
  async #assertCurrent(files: readonly FileOfFolder[], list: FolderFiles["list"], own?: DatasetName): Promise<void> {
    const listed = await list();
    const keys = new Set(files.map(keyOf));
    for (const file of listed) {
      if (!isCompactedName(file.name) || file.name === own) continue;
      const replaced = await this.#options.replaced.of(file);
      const isOther = [...replaced].some((key) => keys.has(key)) && (own === undefined || file.name < own);
      if (isOther)
        throw new FlightError("aborted", `another compaction joins files of ${quoteName(folderOf(file.name))}`);
    }
    const present = new Set(listed.map(keyOf));
    const changed = files.find((file) => !present.has(keyOf(file)));
    if (changed === undefined) return;
    const words = `dataset ${quoteName(changed.name)} was replaced or dropped during the compaction`;
    throw new FlightError("aborted", words, { dataset: changed.name });
  }

  /** Drops the own compacted file, before any file that it replaces was dropped. */
  async #undo(name: DatasetName, { version }: Committed): Promise<void> {
    await this.#options.writer.drop(name, [version.id]).catch((reason: unknown) => {
      if (!(reason instanceof FlightError) || reason.code !== "not_found") throw reason;
    });
  }

  /** Drops files with these bytes only. Returns those that could not be dropped. */
  async #drop(files: readonly FileOfFolder[]): Promise<Set<FileOfFolder>> {
    const left = await collect(files, async (file) => {
      try {
        await dropBytes(this.#options.storage, file);
        return [];
      } catch (reason) {
        if (reason instanceof FlightError && reason.code === "not_found") return [];
        const words = "dataset was replaced by a compaction and cannot be dropped; reads of its folder leave it out";
        this.#options.log.warn({ dataset: file.name, err: reason }, words);
        return [file];
      }
    });
    return new Set(left.flat());
  }
}

/** Returns the compacted files that must stay, because files that do not count and are still there count without them. */
function finishersOf<File>({ replaced, void: second }: SortedFiles<File>, gone: ReadonlySet<File>): Set<File> {
  return new Set([...replaced, ...second].flatMap(({ file, by }) => (gone.has(file) ? [] : by)));
}

/** The number of times that the drop of a file is tried whose status changes meanwhile. */
const dropCountMax = 3;

/** Drops a file, unless other bytes have its name now. @throws FlightError NOT_FOUND if it is gone; as `Storage.drop` */
async function dropBytes(storage: Storage, { name, version }: FileOfFolder): Promise<void> {
  let now = version;
  for (let dropCount = 1; keyOf({ name, version: now }) === keyOf({ name, version }); dropCount++) {
    try {
      await storage.drop(name, [now.id]);
      return;
    } catch (reason) {
      const isChanged = reason instanceof FlightError && reason.code === "failed_precondition";
      if (!isChanged || dropCount === dropCountMax) throw reason;
      now = await storage.stat(name);
    }
  }
}

/** @throws FlightError PERMISSION_DENIED */
async function assertMayJoin({ mayChange }: CallContext, files: readonly FileOfFolder[]): Promise<void> {
  for (const { name } of files) {
    if (mayChange === undefined || (await mayChange(name))) continue;
    const words = `you need the rights "replace" and "drop" for dataset ${quoteName(name)} to compact its folder`;
    throw new FlightError("permission_denied", words, { dataset: name });
  }
}

function summarize(files: readonly DescribedDataset[]): Pick<CompactedFile, "replaces" | "rows" | "bytesBefore"> {
  return {
    replaces: names(files),
    rows: files.reduce((sum, { facts }) => sum + Number(facts.rowCount), 0),
    bytesBefore: files.reduce((sum, { version }) => sum + version.byteLength, 0),
  };
}

function names(files: readonly FileOfFolder[]): string[] {
  return files.map(({ name }) => name);
}

function keyOf({ name, version }: FileOfFolder): string {
  return bytesKey(name, version);
}

async function splitSchema(frames: AsyncIterable<FlightFrame>) {
  const iterator = frames[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) throw new FlightError("internal", "a folder was read without its schema");
  return { schemaHeader: first.value.header, batches: { [Symbol.asyncIterator]: () => iterator } };
}

async function collect<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const mapped: R[] = [];
  const source = (async function* () {
    yield* items;
  })();
  for await (const result of mapInOrder(source, compactConcurrencyMax, map)) mapped.push(result);
  return mapped;
}
