import { FlightError } from "../flight/index.ts";
import type { CheckedPut } from "./put-command.ts";
import type { IncomingPut } from "./receive-put.ts";

/**
 * Stores a put. If it is an append, and its dataset already exists, the append was stored before: the rest of the data is
 * read and ignored, so that a client that is still sending does not fail.
 *
 * @param store - stores the data
 * @returns for an append, the last application metadata for the client: JSON with the name of the `dataset`, and
 * whether the append `isNew`; otherwise undefined
 * @throws FlightError of `store`
 */
export async function runPut(
  { appendId, dataset }: CheckedPut,
  { batches }: Pick<IncomingPut, "batches">,
  store: () => Promise<void>,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (appendId === undefined) {
    await store();
    return undefined;
  }
  let isNew = true;
  try {
    await store();
  } catch (reason) {
    if (!(reason instanceof FlightError) || reason.code !== "already_exists") throw reason;
    isNew = false;
    for await (const _ of batches);
  }
  return new TextEncoder().encode(JSON.stringify({ dataset, isNew }));
}
