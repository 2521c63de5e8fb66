import { folderOf, type DatasetName } from "../../dataset/index.ts";
import { FlightError } from "../../flight/index.ts";
import { readFooterExtension } from "../../parquet/index.ts";
import type { Storage, StoredFile } from "../../storage/index.ts";
import { bytesIdOf, bytesKey, factsKey } from "../known-facts.ts";
import { keptReplacedMax } from "../limits.ts";
import type { FileOfFolder } from "./list-folder.ts";

/** The key of the JSON in the footer of a compacted file. */
const jsonKey = "hangar.replaces";

const nothing: ReadonlySet<string> = new Set();

/**
 * Encodes the files that a compacted file replaces, for its footer: their names in its folder, and which bytes they
 * have. Only these bytes are replaced, so a file that is put again later counts.
 */
export function encodeReplaced(files: readonly FileOfFolder[]): Uint8Array {
  const entries = files.map(({ name, version }) => [name.slice(folderOf(name).length + 1), bytesIdOf(version)]);
  return new TextEncoder().encode(JSON.stringify({ [jsonKey]: entries }));
}

/** Reads which files compacted files replace, and keeps it, because a version never changes. */
export class ReplacedFiles {
  readonly #storage: Storage;
  /** By the key of the compacted file, the most recently used last. */
  readonly #kept = new Map<string, ReadonlySet<string>>();
  #keptCount = 0;

  constructor(storage: Storage) {
    this.#storage = storage;
  }

  /**
   * Returns the keys of the bytes that a file replaces (see `bytesKey`). None if the file is gone or has another
   * version now, which a reader of the folder notices when it opens the file.
   *
   * @throws FlightError DATA_LOSS if the file is not valid Parquet
   */
  async of({ name, version }: FileOfFolder): Promise<ReadonlySet<string>> {
    const key = factsKey(name, version);
    const kept = this.#kept.get(key);
    if (kept) {
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return kept;
    }
    const file = await openIfThere(this.#storage, name);
    if (file === undefined) return nothing;
    try {
      if (file.version.id !== version.id) return nothing;
      const replaced = await readReplaced(file, folderOf(name));
      this.#keep(key, replaced);
      return replaced;
    } finally {
      await file.close();
    }
  }

  #keep(key: string, replaced: ReadonlySet<string>): void {
    this.#kept.set(key, replaced);
    this.#keptCount += 1 + replaced.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#keptCount <= keptReplacedMax) return;
      this.#kept.delete(oldest);
      this.#keptCount -= 1 + size;
    }
  }
}

/** Returns the keys of the bytes that an open file replaces. @throws FlightError DATA_LOSS */
export async function readReplaced(file: StoredFile, folder: string): Promise<ReadonlySet<string>> {
  const extension = await readFooterExtension(file);
  if (extension === undefined) return nothing;
  try {
    const json = JSON.parse(new TextDecoder().decode(extension)) as Record<string, unknown> | null;
    const entries = json?.[jsonKey];
    // Another program may use the same place of the footer.
    if (!Array.isArray(entries)) return nothing;
    const names = entries.filter((entry): entry is [string, string] => {
      return Array.isArray(entry) && entry.length === 2 && entry.every((each) => typeof each === "string");
    });
    return new Set(names.map(([name, id]) => bytesKey(folder === "" ? name : `${folder}/${name}`, { id })));
  } catch (reason) {
    if (reason instanceof SyntaxError) return nothing;
    throw reason;
  }
}

async function openIfThere(storage: Storage, name: DatasetName): Promise<StoredFile | undefined> {
  try {
    return await storage.open(name);
  } catch (reason) {
    if (reason instanceof FlightError && reason.code === "not_found") return undefined;
    throw reason;
  }
}
