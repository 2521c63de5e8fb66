import { isCompactedName } from "../../dataset/index.ts";
import { bytesKey } from "../known-facts.ts";
import type { FileOfFolder } from "./list-folder.ts";

/** The keys of the bytes of files (see `bytesKey`) that a compacted file replaces. */
export type ReplacedBy = (file: FileOfFolder) => Promise<ReadonlySet<string>>;

/** The files of a folder, by whether their rows are those of the folder. */
export interface SortedFiles<File> {
  /** The files whose rows count, in the order of their names. */
  readonly current: readonly File[];
  /** The files that one of `current` replaces. Each has the compacted file. */
  readonly replaced: readonly { readonly file: File; readonly by: File }[];
  /**
   * The files of a compaction that came second to another one. The files that they would replace count. Each has all
   * compacted files that came first.
   */
  readonly void: readonly { readonly file: File; readonly by: readonly File[] }[];
}

/**
 * Decides whose rows count in a folder. This is the only place that does. A compacted file replaces the files
 * that its footer names. If two of them would replace the same file, the first one does, and the other one does not count.
 *
 * @param files - all files that match, in the order of their names
 * @param replacedBy - is asked for files with the name of a compacted file only
 */
export async function sortFiles<File extends FileOfFolder>(
  files: readonly File[],
  replacedBy: ReplacedBy,
): Promise<SortedFiles<File>> {
  const replacedKeys = new Map<string, File>();
  const second = new Map<File, File[]>();
  for (const file of files) {
    if (!isCompactedName(file.name)) continue;
    const keys = await replacedBy(file);
    const first = new Set([...keys].flatMap((key) => replacedKeys.get(key) ?? []));
    if (first.size > 0) second.set(file, [...first]);
    else for (const key of keys) replacedKeys.set(key, file);
  }
  if (replacedKeys.size === 0) return { current: files, replaced: [], void: [] };
  const replaced = files.flatMap((file) => {
    const by = replacedKeys.get(bytesKey(file.name, file.version));
    return by ? [{ file, by }] : [];
  });
  const left = new Set([...second.keys(), ...replaced.map(({ file }) => file)]);
  const voided = Array.from(second, ([file, by]) => ({ file, by }));
  return { current: files.filter((file) => !left.has(file)), replaced, void: voided };
}
