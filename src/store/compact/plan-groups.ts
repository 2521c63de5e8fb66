import type { DescribedDataset } from "../dataset-reader.ts";
import type { FileOfFolder } from "../folder/list-folder.ts";
import { joinedFilesMax, sortedFileBytesTarget, sortedRowsMax } from "../limits.ts";

/** Which files of a folder are joined. */
export interface GroupOptions {
  /** The size up to which files are joined, in bytes. */
  readonly targetBytes: number;
  /** Files that have changed since are left as they are. */
  readonly changedBefore: Date;
}

/** Divides a group into groups of files that can be sorted together, as `planGroups` does. */
export function planSortedGroups<File extends DescribedDataset>(files: readonly File[]): File[][] {
  const groups: File[][] = [];
  let group: File[] = [];
  let [byteLength, rowCount] = [0, 0];
  for (const file of files) {
    const { facts } = file;
    const own = facts.rowGroups.reduce((sum, each) => sum + each.byteLength, 0);
    const ownRows = Number(facts.rowCount);
    if (own > sortedFileBytesTarget / 2 || ownRows > sortedRowsMax / 2) continue;
    if (byteLength + own > sortedFileBytesTarget || rowCount + ownRows > sortedRowsMax) {
      groups.push(group);
      group = [];
      [byteLength, rowCount] = [0, 0];
    }
    group.push(file);
    byteLength += own;
    rowCount += ownRows;
  }
  return [...groups, group].filter(({ length }) => length > 1);
}

/**
 * Divides the files of a folder into groups, each of which becomes one file. A file of more than half the target is left
 * as it is, because it gains little. So a compacted file is joined again only while it is small.
 *
 * @param files - in the order of their rows
 * @returns the groups of at least two files, in the order of their rows
 */
export function planGroups<File extends FileOfFolder>(
  files: readonly File[],
  { targetBytes, changedBefore }: GroupOptions,
): File[][] {
  const groups: File[][] = [];
  let group: File[] = [];
  let byteLength = 0;
  for (const file of files) {
    const { version } = file;
    if (version.byteLength > targetBytes / 2 || version.changed > changedBefore) continue;
    if (byteLength + version.byteLength > targetBytes || group.length === joinedFilesMax) {
      groups.push(group);
      group = [];
      byteLength = 0;
    }
    group.push(file);
    byteLength += version.byteLength;
  }
  return [...groups, group].filter(({ length }) => length > 1);
}
