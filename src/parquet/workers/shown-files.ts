import { createHash } from "node:crypto";
import type { ByteSource } from "../format/byte-source.ts";
import { findFooter } from "../format/find-footer.ts";
import { decodeFooterOnly } from "../format/footer.ts";
import { keepNewest } from "../format/keep-newest.ts";
import type { ReadRange } from "../format/scan-pages.ts";
import { showFile, type ShownFile } from "../format/show-file.ts";
import type { ThriftStruct } from "../format/thrift.ts";
import { createFileSource } from "./file-source.ts";
import type { OpenFile } from "./worker-protocol.ts";

/** A file, and whether its page indexes are hidden. */
export interface ShownOpenFile extends OpenFile {
  readonly hidesIndexes?: boolean;
}

/** Returns a key for a file and the schema with which it is shown to parquet-wasm. */
export function fileKeyOf({ id, shownSchema }: OpenFile): string {
  const schema = shownSchema === undefined ? "" : createHash("sha256").update(shownSchema).digest("base64");
  return `${id} ${schema}`;
}

/** Returns a key for a file and the way in which it is shown to parquet-wasm. */
export function keyOf(file: ShownOpenFile): string {
  return `${fileKeyOf(file)} ${file.hidesIndexes ?? false}`;
}

/** Returns a file whose page indexes are hidden, for reading whole row groups. Wrong indexes then have no effect. */
export function withoutIndexes(file: OpenFile): ShownOpenFile {
  return showOpenFile(file).hasPageIndexes ? { ...file, hidesIndexes: true } : file;
}

/** The last files of this worker, as parquet-wasm sees them. */
const shownFiles = new Map<string, ShownFile>();

/** Returns a file as parquet-wasm sees it. @throws Error, UnsupportedError as `showFile` */
export function showOpenFile(file: OpenFile): ShownFile {
  const key = fileKeyOf(file);
  const shown = shownFiles.get(key) ?? showFile(createFileSource(file), { arrowSchema: file.shownSchema });
  keepNewest(shownFiles, key, shown);
  return shown;
}

/** Returns the bytes of a file as parquet-wasm sees them. */
export function sourceOf(file: ShownOpenFile): ByteSource {
  const { source, withoutIndexes } = showOpenFile(file);
  return file.hidesIndexes ? withoutIndexes : source;
}

/** Shows a file in another way from now on. */
export function replaceShown(file: OpenFile, shown: ShownFile): void {
  shownFiles.set(fileKeyOf(file), shown);
}

/** Returns a function that reads ranges of a source. */
export function readerOf(source: ByteSource): ReadRange {
  return (start, end) => source.read(start, end);
}

/**
 * The footer of the last file whose row groups were examined. Only one is kept, because a footer takes up to 1% of its
 * file.
 */
let lastFooter: { readonly fileKey: string; readonly footer: ThriftStruct } | undefined;

/** Returns the footer of a file as parquet-wasm sees it. */
export function footerOf(file: ShownOpenFile): ThriftStruct {
  if (lastFooter?.fileKey !== keyOf(file)) {
    const source = sourceOf(file);
    const end = source.read(findFooter(source).byteOffset, source.byteLength);
    lastFooter = { fileKey: keyOf(file), footer: decodeFooterOnly(end) };
  }
  return lastFooter.footer;
}
