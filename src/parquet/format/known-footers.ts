import { assertConsistent } from "./assert-consistent.ts";
import type { ByteSource } from "./byte-source.ts";
import { findOverlongGroups } from "./chunk-ends.ts";
import { isUsual, type DividedFooter } from "./divide-footer.ts";
import { findRefusals } from "./find-refusals.ts";
import { keepNewest } from "./keep-newest.ts";
import { isDictionaryOffset, type ChunkTraits } from "./scan-row-group.ts";
import type { SchemaLeaf } from "./schema-leaves.ts";
import type { ShownFile } from "./show-file.ts";
import type { ThriftStruct } from "./thrift.ts";

/*
 * A folder usually has many small files of few schemas. If the footer of one needs no correction, a later one needs none
 * if it has the same bytes outside of its row groups, and ordinary row groups. To find this out takes a fifth of the time.
 */

/** A footer that is shown as it is. */
interface KnownFooter {
  readonly elements: readonly ThriftStruct[];
  readonly leaves: readonly SchemaLeaf[];
  /** How it is shown, apart from its bytes. */
  readonly shown: Omit<ShownFile, "source" | "withoutIndexes">;
}

/** The last such footers of this worker, by the digests of their bytes outside of the row groups. */
const knownFooters = new Map<string, KnownFooter>();

/** Keeps a footer that `showFile` has not changed, by a writer that states the true sizes of column chunks. */
export function keepKnownFooter({ digest }: DividedFooter, footer: KnownFooter): void {
  keepNewest(knownFooters, digest, footer);
}

/**
 * Shows a file as it is, if a footer with the same schema was shown so, and nothing about its row groups is unusual.
 * Undefined otherwise, and if it has page indexes, which may have to be hidden.
 *
 * @param footerOffset - where the footer begins, in bytes
 * @throws Error as `assertConsistent`; UnsupportedError as `findRefusals`
 */
export function showKnownFooter(
  file: ByteSource,
  { digest, rowCount, scans }: DividedFooter,
  footerOffset: number,
): ShownFile | undefined {
  const known = knownFooters.get(digest);
  if (known === undefined || rowCount !== scans.reduce((sum, scan) => sum + scan.rowCount, 0)) return undefined;
  const { elements, leaves, shown } = known;
  if (!scans.every((scan) => isUsual(scan, leaves.length, footerOffset) && scan.chunks.every(isPlain)))
    return undefined;
  if (findOverlongGroups(scans, footerOffset).size > 0) return undefined;
  assertConsistent({ elements, leaves, scans });
  const refusals = findRefusals(leaves, scans);
  return { ...shown, source: file, withoutIndexes: file, hasPageIndexes: false, refusals };
}

function isPlain({ pageIndexOffsets, dictionaryPageOffset, dataPageOffset }: ChunkTraits): boolean {
  const hasDictionary = dictionaryPageOffset === undefined || isDictionaryOffset(dictionaryPageOffset, dataPageOffset);
  return hasDictionary && pageIndexOffsets.length === 0;
}
