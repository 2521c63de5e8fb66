import { isDeepStrictEqual } from "node:util";
import { rm, stat } from "node:fs/promises";
import { decodeSchema, decodeSchemaMessage } from "../../arrow/index.ts";
import { FlightError } from "../../flight/index.ts";
import type { CopyEnd } from "./expand-source.ts";
import { openSource, type SeenRows } from "./open-source.ts";

/**
 * Returns a text that differs after a source has changed. Only Hangar servers tell when a dataset was put; of other
 * servers, it has rows and bytes.
 */
export async function stampOf(end: CopyEnd, signal: AbortSignal): Promise<string> {
  if (end.kind === "file") {
    const { ino, size, mtimeNs, ctimeNs } = await stat(end.path, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join();
  }
  const { client } = end.call;
  try {
    const { dataset } = await client.datasets.get(end.name, { signal });
    const { seconds, nanos } = dataset?.changed ?? {};
    return [dataset?.rows, dataset?.bytes, seconds, nanos].join();
  } catch (reason) {
    if (!(reason instanceof FlightError) || reason.code !== "unimplemented") throw reason;
    const { rowCount, byteLength } = await client.info(end.name, { signal });
    return [rowCount, byteLength].join();
  }
}

/**
 * Asserts that a destination has the columns and the number of rows that were read from the source.
 *
 * @throws Error with the difference
 */
export async function assertCopied(to: CopyEnd, read: SeenRows, signal: AbortSignal): Promise<void> {
  const stored = to.kind === "file" ? await readFile(to, signal) : await describe(to, signal);
  if (stored.rowCount !== read.rowCount) {
    throw new Error(
      `${to.shown} has ${stored.rowCount ?? "an unknown number of"} rows, not ${read.rowCount}; kept the source`,
    );
  }
  if (!isDeepStrictEqual(stored.fields, read.fields)) {
    throw new Error(`${to.shown} has other columns than the source; kept the source`);
  }
}

async function readFile(to: CopyEnd, signal: AbortSignal): Promise<SeenRows> {
  await using source = await openSource(to, signal);
  for await (const _ of source.frames);
  return source.seen;
}

async function describe(
  { call, name }: Extract<CopyEnd, { kind: "dataset" }>,
  signal: AbortSignal,
): Promise<Pick<SeenRows, "fields"> & { readonly rowCount: number | undefined }> {
  const { flight, rowCount } = await call.client.info(name, { signal });
  return { rowCount, fields: decodeSchema(decodeSchemaMessage(flight.schema)).fields };
}

/** Deletes a source. */
export async function removeSource(end: CopyEnd, signal: AbortSignal): Promise<void> {
  if (end.kind === "file") await rm(end.path);
  else await end.call.client.drop(end.name, { signal });
}
