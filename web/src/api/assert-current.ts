import { FlightError, quoteName } from "hangar/flight";
import { catalog } from "./client.ts";
import type { DatasetDescription } from "./describe-dataset.ts";
import { toMs } from "./to-ms.ts";

/** Which version of a dataset is looked at; `changedMs` is undefined where the server does not tell versions apart. */
export type KnownVersion = Pick<DatasetDescription, "name" | "changedMs" | "byteLength" | "nested">;

/**
 * Asks the server whether a dataset is still the version that has been described.
 *
 * @throws FlightError FAILED_PRECONDITION where it is another; NOT_FOUND where there is none any more
 */
export async function assertCurrent(version: KnownVersion, signal: AbortSignal): Promise<void> {
  if (version.changedMs === undefined) return;
  const { dataset } = await catalog.get(version.name, { signal });
  if (dataset) assertSame(version, dataset);
}

/** Compares a version with what the server says by now. @throws FlightError FAILED_PRECONDITION where it is another */
export function assertSame(
  { name, changedMs, byteLength }: Omit<KnownVersion, "nested">,
  { changed, bytes }: Pick<Dataset, "changed" | "bytes">,
): void {
  if (changedMs === undefined || (toMs(changed) === changedMs && Number(bytes) === byteLength)) return;
  throw new FlightError("failed_precondition", `dataset ${quoteName(name)} has been replaced`);
}

/** What the server's catalog says of a dataset. */
type Dataset = NonNullable<Awaited<ReturnType<typeof catalog.get>>["dataset"]>;
