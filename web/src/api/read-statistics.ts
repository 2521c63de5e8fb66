import { toFlightError } from "hangar/flight";
import { assertSame, type KnownVersion } from "./assert-current.ts";
import { catalog } from "./client.ts";

/** What the footer of a dataset's file says of its parts. */
export interface FileStatistics {
  readonly createdBy: string;
  readonly rowGroups: readonly StoredSize[];
  /** Every column that has values of its own, nested ones too. */
  readonly columns: readonly StoredColumn[];
}

/** A row group's, or a column's, size in the file, and what it was before compression. */
interface StoredSize {
  readonly rowCount: number;
  readonly compressedBytes: number;
  readonly plainBytes: number;
}

/** A column, all row groups together; what not all of them say is undefined. */
export interface StoredColumn extends Omit<StoredSize, "rowCount"> {
  /** The column's name, then those of the nested fields down to the values. */
  readonly path: readonly string[];
  readonly codecs: string;
  readonly nullCount: number | undefined;
  readonly min: string | undefined;
  readonly max: string | undefined;
  /** Whether one of them is cut, so that no row need have it. */
  readonly isCut: boolean;
}

/**
 * Reads what a dataset's file says of its parts; undefined where the server does not tell.
 *
 * @throws FlightError FAILED_PRECONDITION where the dataset has been replaced
 */
export async function readStatistics(version: KnownVersion, signal: AbortSignal): Promise<FileStatistics | undefined> {
  const described = await catalog.get(version.name, { statistics: true, signal }).catch((reason: unknown) => {
    if (toFlightError(reason).code !== "unimplemented") throw reason;
    return undefined;
  });
  if (described?.dataset) assertSame(version, described.dataset);
  const statistics = described?.statistics;
  if (statistics === undefined) return undefined;
  return {
    createdBy: statistics.createdBy,
    rowGroups: statistics.rowGroups.map(({ rows, compressedBytes, uncompressedBytes }) => ({
      rowCount: Number(rows),
      compressedBytes: Number(compressedBytes),
      plainBytes: Number(uncompressedBytes),
    })),
    columns: statistics.columns.map(
      ({ path, codecs, compressedBytes, uncompressedBytes, nulls, min, max, boundsCut }) => ({
        path,
        codecs: codecs.join(", "),
        compressedBytes: Number(compressedBytes),
        plainBytes: Number(uncompressedBytes),
        nullCount: nulls === undefined ? undefined : Number(nulls),
        min,
        max,
        isCut: boundsCut,
      }),
    ),
  };
}
