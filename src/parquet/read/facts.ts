import { FlightError } from "../../flight/index.ts";
import type { StoredFile } from "../../storage/index.ts";
import { fetchEnd } from "../workers/fetch-ranges.ts";
import { toOpenFile } from "../workers/open-file.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { FileStatistics } from "../workers/worker-protocol.ts";
import type { ParquetFacts } from "./parquet-facts.ts";
import { JobFailure } from "../workers/worker-thread.ts";

/** An object of two numbers, and its place in an array. */
const rowGroupFactsBytes = 40;

/**
 * Reads what a file says about itself.
 *
 * @param file - stays the caller's, and is not used any more when the promise settles
 * @throws FlightError DATA_LOSS where the file cannot be read as Parquet, UNIMPLEMENTED where it uses what is not read, as
 * encryption, DEADLINE_EXCEEDED where that takes longer
 * than a job may, RESOURCE_EXHAUSTED where it takes more memory than a worker may have, UNAVAILABLE where the pool was
 * closed, or the disk failed
 */
export async function readParquetFacts(
  pool: ParquetPool,
  file: StoredFile,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ParquetFacts> {
  await fetchEnd(file);
  const description = await pool
    .run({ kind: "describe", file: toOpenFile(file) }, { stream: file, file, ...options })
    .catch((reason: unknown) => {
      throw toReadError(reason);
    });
  const { schemaHeader, shownSchema, rowGroups } = description;
  return {
    rowCount: rowGroups.reduce((sum, group) => sum + BigInt(group.rowCount), 0n),
    byteLength: BigInt(file.version.byteLength),
    schemaHeader,
    shownSchema,
    rowGroups,
    heldBytes: schemaHeader.byteLength + (shownSchema?.byteLength ?? 0) + rowGroups.length * rowGroupFactsBytes,
  };
}

/**
 * Reads what a file's footer says of its row groups and columns.
 *
 * @param file - stays the caller's, and is not used any more when the promise settles
 * @throws FlightError as `readParquetFacts`
 */
export async function readParquetStatistics(
  pool: ParquetPool,
  file: StoredFile,
  { schemaHeader, shownSchema }: ParquetFacts,
  { signal }: { readonly signal: AbortSignal },
): Promise<FileStatistics> {
  const job = { kind: "statistics", file: toOpenFile(file, shownSchema), schemaHeader } as const;
  return await pool.run(job, { stream: file, file, signal }).catch((reason: unknown) => {
    throw toReadError(reason);
  });
}

/** Says why a file could not be read; what is no failure of a job stays as it is. */
export function toReadError(reason: unknown): unknown {
  if (!(reason instanceof JobFailure)) return reason;
  switch (reason.reason) {
    case "refused":
      return unreadable(reason.message, reason);
    case "trapped":
      return unreadable("its pages are not valid Parquet", reason);
    case "unsupported":
      return new FlightError("unimplemented", `the Parquet file cannot be read: ${reason.message}`, { cause: reason });
    case "exhausted":
      return new FlightError("resource_exhausted", `the Parquet file cannot be read: ${reason.message}`, {
        cause: reason,
      });
    case "timeout":
      // A busy server, or a file that no server ends with: which of them, a limit of time does not tell.
      return new FlightError("deadline_exceeded", "reading the Parquet file exceeded the server's time limit", {
        cause: reason,
      });
    case "disk":
      return new FlightError("unavailable", "the server's disk cannot read its file at the moment; try again", {
        cause: reason,
      });
    case "closed":
      return new FlightError("unavailable", "the server is shutting down", { cause: reason });
  }
}

function unreadable(detail: string, cause: JobFailure): FlightError {
  return new FlightError("data_loss", `the Parquet file cannot be read: ${detail}`, { cause });
}
