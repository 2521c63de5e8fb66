import { isCompactedName } from "../../dataset/index.ts";
import { factsKey } from "../known-facts.ts";
import type { FileOfFolder } from "./list-folder.ts";

/** The keys of the versions of files (see `factsKey`) that a compacted file replaces. */
export type ReplacedBy = (file: FileOfFolder) => Promise<ReadonlySet<string>>;

/** The files of a folder, by whether their rows are those of the folder. */
export interface SortedFiles<File> {
  /** The files whose rows count, in the order of their names. */
  readonly current: readonly File[];
  /** The files that one of `current` replaces. Each has the compacted file. */
  readonly replaced: readonly { readonly file: File; readonly by: File }[];
  /** The files of a compaction that came second to another one. The files that they would replace count. */
  readonly void: readonly File[];
}

/**
 * Decides whose rows count in a folder. This is the only place that does. A compacted file replaces the versions of files
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
  const second = new Set<File>();
  for (const file of files) {
    if (!isCompactedName(file.name)) continue;
    const keys = await replacedBy(file);
    if ([...keys].some((key) => replacedKeys.has(key))) second.add(file);
    else for (const key of keys) replacedKeys.set(key, file);
  }
  if (replacedKeys.size === 0) return { current: files, replaced: [], void: [] };
  const replaced = files.flatMap((file) => {
    const by = replacedKeys.get(factsKey(file.name, file.version));
    return by ? [{ file, by }] : [];
  });
  const left = new Set([...second, ...replaced.map(({ file }) => file)]);
  return { current: files.filter((file) => !left.has(file)), replaced, void: [...second] };
}
