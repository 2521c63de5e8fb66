import { isIpcFile } from "../arrow/index.ts";

/** A format that `hangar put` reads. */
export type InputFormat = "parquet" | "arrow-file" | "arrow-stream";

/** The number of bytes at the start of a file that distinguish the formats. */
export const magicByteLength = 8;

/** The first bytes of files that callers may take for Parquet or Arrow, in Latin-1, with what is told about them. */
const otherFormats: readonly (readonly [magic: string, words: string])[] = [
  ["\x1f\x8b", "is compressed with gzip; decompress it first"],
  ["\x28\xb5\x2f\xfd", "is compressed with zstd; decompress it first"],
  ["\x04\x22\x4d\x18", "is compressed with lz4; decompress it first"],
  ["\xfd7zXZ\x00", "is compressed with xz; decompress it first"],
  ["BZh", "is compressed with bzip2; decompress it first"],
  ["PK\x03\x04", "is a zip archive; extract it first"],
  ["FEA1", "is a Feather file of version 1; write it in version 2, which is Arrow's file format"],
  ["PARE", "is an encrypted Parquet file, which cannot be read"],
];

/**
 * Returns the format of a file.
 *
 * @param head - its first bytes, up to `magicByteLength`
 * @param name - its name in an error
 * @throws Error that says what the file is instead
 */
export function detectFormat(head: Buffer, name: string): InputFormat {
  const text = head.toString("latin1");
  if (text.startsWith("PAR1")) return "parquet";
  if (isIpcFile(head)) return "arrow-file";
  const other = otherFormats.find(([magic]) => text.startsWith(magic));
  if (other !== undefined) throw new Error(`${name} ${other[1]}`);
  if (isIpcStream(head)) return "arrow-stream";
  if (head.byteLength === 0) throw new Error(`${name} is empty`);
  const isText = /\.(csv|tsv|json|jsonl|ndjson)$/i.test(name);
  const hint = isText ? "; its columns have no types, so convert it first, for example with DuckDB or pyarrow" : "";
  throw new Error(`${name} is neither a Parquet file nor Arrow data${hint}`);
}

/** Returns whether data is an IPC stream. A message starts with its length, or with four bytes before the length. */
function isIpcStream(head: Buffer): boolean {
  return head.byteLength >= magicByteLength && (head.readUInt32LE(0) === 0xffff_ffff || head[3] === 0);
}
