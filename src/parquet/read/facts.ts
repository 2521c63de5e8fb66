import { FlightError } from "../../flight/index.ts";
import type { StoredFile } from "../../storage/index.ts";
import { fetchEnd } from "../workers/fetch-ranges.ts";
import { toOpenFile } from "../workers/open-file.ts";
import type { ParquetPool } from "../workers/pool.ts";
import type { FileStatistics } from "../workers/worker-protocol.ts";
import { toParquetFacts, type ParquetFacts } from "./parquet-facts.ts";
import { JobFailure } from "../workers/worker-thread.ts";

/**
 * Reads the schema, the row counts and the sizes of a file.
 *
 * @param file - owned by the caller, and not used after the promise settles
 * @throws FlightError DATA_LOSS if the file is not valid Parquet, UNIMPLEMENTED if it uses an unsupported feature such
 * as encryption, DEADLINE_EXCEEDED if the job exceeds its time limit, RESOURCE_EXHAUSTED if it needs more memory than a
 * worker may use, UNAVAILABLE if the pool was closed or the disk failed
 */
export async function readParquetFacts(
  pool: ParquetPool,
  file: StoredFile,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ParquetFacts> {
  await fetchEnd(file);
  const known = file.fd !== undefined ? await pool.knownDescriptions.find(file) : undefined;
  const description =
    known ??
    (await pool
      .run({ kind: "describe", file: toOpenFile(file) }, { stream: file, file, ...options })
      .catch((reason: unknown) => {
        throw toReadError(reason);
      }));
  return toParquetFacts({ ...description, byteLength: BigInt(file.version.byteLength) });
}

/**
 * Reads the statistics of row groups and columns from a file's footer.
 *
 * @param file - owned by the caller, and not used after the promise settles
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

/** Translates the failure of a read job. Other errors are returned unchanged. */
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
      // Either the server is busy, or the file would never finish. A time limit cannot distinguish them.
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
