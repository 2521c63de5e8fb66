import { parseDatasetName, type DatasetName } from "./dataset-name.ts";
import { JsonFields } from "./json-fields.ts";
import { commandBytesMax } from "../flight/index.ts";

/** The body of the action `compact_folder`, as JSON. */
export interface CompactCommand {
  /** The folder: the segments of its path, joined by `/`. With `/**` at its end, the folders in it are compacted, too. */
  readonly folder: string;
  /** The size up to which files are joined, in bytes; `compactTargetBytes` by default. Larger files are left as they are. */
  readonly targetBytes?: number | undefined;
  /** Only files that have not changed for this time are joined, in seconds; 0 by default. */
  readonly olderThanSeconds?: number | undefined;
  /** The column by which the rows of each new file are sorted; by default, they keep their order. */
  readonly sortBy?: string | undefined;
  /** Whether to return what would be joined, and change nothing; false by default. */
  readonly dryRun?: boolean | undefined;
}

/** A result of the action `compact_folder`, as JSON: a file, and the files that it replaces. */
export interface CompactedFile {
  /** The name of the new dataset; undefined for `dryRun`. */
  readonly dataset?: string | undefined;
  /** The names of the datasets that it replaces. */
  readonly replaces: readonly string[];
  /** The number of its rows. */
  readonly rows: number;
  /** The size of the replaced files in bytes. */
  readonly bytesBefore: number;
  /** The size of the new file in bytes; undefined for `dryRun`. */
  readonly bytes?: number | undefined;
}

/**
 * The default size up to which files are joined, in bytes. A file of this size has some ten full row groups, and a few
 * thousand such files are a terabyte.
 */
export const compactTargetBytes = 256 * 1024 * 1024;

/** The least and the largest size up to which files are joined. Larger files are slower to replace, and gain nothing. */
export const compactTargetBytesRange = { min: 1024, max: 16 * 1024 * 1024 * 1024 };

/** The least and the longest time since the last change of a file, in seconds: up to 136 years. */
export const compactOlderThanRange = { min: 0, max: 0xffff_ffff };

/** A command to compact, checked. */
export interface CheckedCompact {
  /** The folder. */
  readonly folder: DatasetName;
  /** As in `CompactCommand`. */
  readonly targetBytes: number;
  /** As in `CompactCommand`. */
  readonly olderThanSeconds: number;
  /** As in `CompactCommand`. */
  readonly sortBy: string | undefined;
  /** As in `CompactCommand`. */
  readonly dryRun: boolean;
  /** Whether the folders in it are compacted, too. */
  readonly isRecursive: boolean;
}

/** Encodes a command for the body of the action. */
export function encodeCompactCommand(command: CompactCommand): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(command));
}

/**
 * Reads the body of the action `compact_folder`.
 *
 * @throws FlightError INVALID_ARGUMENT that names the field
 */
export function decodeCompactCommand(bytes: Uint8Array): CheckedCompact {
  const fields = new JsonFields({ bytes, what: "command", bytesMax: commandBytesMax });
  const folder = fields.string("folder");
  const targetBytes = fields.optionalInteger("targetBytes", compactTargetBytesRange) ?? compactTargetBytes;
  const olderThanSeconds = fields.optionalInteger("olderThanSeconds", compactOlderThanRange) ?? 0;
  const sortBy = fields.optionalString("sortBy");
  const dryRun = fields.optionalBoolean("dryRun") ?? false;
  fields.end();
  const name = parseDatasetName(folder.replace(/\/(\*\*)?$/, ""));
  return { folder: name, isRecursive: folder.endsWith("/**"), targetBytes, olderThanSeconds, sortBy, dryRun };
}
