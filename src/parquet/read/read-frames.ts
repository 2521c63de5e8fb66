import { createFrame, freePieces, type FlightFrame } from "../../flight/index.ts";
import { decodeMessage, messageKind, projectSchemaHeader } from "../../arrow/index.ts";
import type { BoundFilter } from "../../filter/index.ts";
import { DictionaryDigests } from "./dictionary-digests.ts";
import { toReadError } from "./facts.ts";
import type { ParquetFacts } from "./parquet-facts.ts";
import type { StoredFile } from "../../storage/index.ts";
import { fetchEnd } from "../workers/fetch-ranges.ts";
import { toOpenFile } from "../workers/open-file.ts";
import type { ParquetPool } from "../workers/pool.ts";
import { planWindow, type RowSpan, type RowWindow } from "./read-plan.ts";
import { SliceReader } from "./slice-reader.ts";

/** Options of a read: the rows, the columns and the filter. */
export interface ReadOptions extends RowWindow {
  /** Cancels the read and its waiting jobs. */
  readonly signal: AbortSignal;
  /** The indices of the top-level columns, in ascending order; all by default. */
  readonly columnIndices?: readonly number[] | undefined;
  /** A filter for these rows, bound to this schema; all rows by default. */
  readonly filter?: BoundFilter | undefined;
}

/** Returns the header of the first frame of `readParquetFrames` for the given columns; all by default. */
export function readSchemaHeader({ schemaHeader }: ParquetFacts, columnIndices?: readonly number[]): Uint8Array {
  return columnIndices ? projectSchemaHeader(schemaHeader, columnIndices) : schemaHeader;
}

/**
 * Reads a file as frames: first the schema, then dictionaries and record batches of about 2 MiB each.
 *
 * The reader skips as many of the other columns and rows as the file's indexes allow. It decodes a few slices ahead of
 * the consumer, never the whole file. While the consumer pauses, it holds no worker. The consumer owns the bodies.
 *
 * @param file - owned by the caller; no worker uses it after the generator has ended or `return()` has settled
 * @throws FlightError DATA_LOSS if the file cannot be decoded, DEADLINE_EXCEEDED if a job exceeds its time limit,
 * RESOURCE_EXHAUSTED if a single row exceeds the limit of a message or of a worker's memory; the signal's reason
 */
export async function* readParquetFrames(
  pool: ParquetPool,
  file: StoredFile,
  facts: ParquetFacts,
  options: ReadOptions,
): AsyncGenerator<FlightFrame> {
  const { signal } = options;
  const schema = createFrame({ header: readSchemaHeader(facts, options.columnIndices) });
  const dictionaries = new DictionaryDigests();
  let reader: SliceReader | undefined;
  try {
    // Workers decode a file of a folder while the schema is sent. For a bucket, requests wait until rows are wanted.
    if (file.fd !== undefined) {
      reader = await openReader(pool, file, facts, options);
      reader.start();
    }
    yield schema;
    reader ??= await openReader(pool, file, facts, options);
    for (let frames = await reader.next(); frames; frames = await reader.next()) {
      for (const moved of frames) {
        signal.throwIfAborted();
        const frame = createFrame(moved);
        if (messageKind(frame.header) === "record_batch") yield { ...frame, release: () => freePieces(frame.body) };
        else if (!isRepeated(frame, dictionaries)) yield frame;
      }
    }
  } finally {
    await reader?.close();
  }
}

function isRepeated(frame: FlightFrame, dictionaries: DictionaryDigests): boolean {
  const message = decodeMessage(frame.header);
  return message.kind === "dictionary_batch" && !dictionaries.replace(message.id, frame);
}

/** Plans the rows to read. With a filter, it excludes the rows that cannot match according to their statistics. */
async function openReader(
  pool: ParquetPool,
  file: StoredFile,
  facts: ParquetFacts,
  options: ReadOptions,
): Promise<SliceReader> {
  const { signal, columnIndices, filter } = options;
  const source = {
    file: toOpenFile(file, facts.shownSchema),
    schemaHeader: facts.schemaHeader,
    ...(columnIndices && { columnIndices }),
  };
  await fetchEnd(file);
  let spans: readonly RowSpan[] = planWindow(facts.rowGroups, options);
  if (filter) {
    const job = { kind: "prune", ...source, filter, spans } as const;
    spans = await pool.run(job, { stream: file, file, signal }).catch((reason: unknown) => {
      throw toReadError(reason);
    });
  }
  return new SliceReader(pool, { stored: file, source: { ...source, ...(filter && { filter }) }, spans }, signal);
}
