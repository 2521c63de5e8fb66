import { hash } from "node:crypto";
import type { FileVersion } from "../../storage/index.ts";
import { factsKey } from "../known-facts.ts";
import type { SortedFiles } from "./current-files.ts";
import type { FileOfFolder } from "./list-folder.ts";

/** Returns the version of files together: their number and a digest of their names and versions, and sums. */
export function versionOf(files: readonly FileOfFolder[]): FileVersion {
  const byteLength = files.reduce((sum, { version }) => sum + version.byteLength, 0);
  const changed = files.reduce((last, { version }) => Math.max(last, version.changed.getTime()), 0);
  return { id: idOf(files), byteLength, changed: new Date(changed) };
}

function idOf(files: readonly FileOfFolder[]): string {
  const digest = hash("sha256", files.map(({ name, version }) => factsKey(name, version)).join("\n"));
  return `${files.length}x${digest.slice(0, 32)}`;
}

/** The number of earlier states that are compared: only a compaction makes two states of the same number of files. */
const comparedMax = 8;

/**
 * Returns the files of a version. Files are taken away, the newest first, and the files that a compacted one replaces come
 * back. Only the order is guessed from the times of changes: a version has a digest of its files.
 *
 * @param listed - all files, in the order of their names
 * @returns undefined if the version is not found
 */
export function filesOfVersion(
  listed: readonly FileOfFolder[],
  { current, replaced }: SortedFiles<FileOfFolder>,
  id: string,
): readonly FileOfFolder[] | undefined {
  const count = Number(/^(\d+)x/.exec(id)?.[1]);
  const counted = new Set(current);
  const replacedBy = Map.groupBy(replaced, ({ by }) => by);
  const newest = listed
    .toReversed()
    .sort(({ version: a }, { version: b }) => b.changed.getTime() - a.changed.getTime());
  let comparedCount = 0;
  for (const file of [undefined, ...newest]) {
    if (file) counted.delete(file);
    for (const { file: old } of (file && replacedBy.get(file)) ?? []) counted.add(old);
    if (counted.size !== count) continue;
    const files = listed.filter((each) => counted.has(each));
    if (idOf(files) === id) return files;
    if (++comparedCount === comparedMax) return undefined;
  }
  return undefined;
}
