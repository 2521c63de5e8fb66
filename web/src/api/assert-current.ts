import { FlightError, quoteName } from "hangar/flight";
import { catalog } from "./client.ts";
import type { DatasetDescription } from "./describe-dataset.ts";

/** Which version of a dataset is looked at; `changedMs` is undefined where the server does not tell versions apart. */
export type KnownVersion = Pick<DatasetDescription, "name" | "changedMs" | "byteLength">;

/**
 * Asks the server whether a dataset is still the version that has been described.
 *
 * @throws FlightError FAILED_PRECONDITION where it is another; NOT_FOUND where there is none any more
 */
export async function assertCurrent({ name, changedMs, byteLength }: KnownVersion, signal: AbortSignal): Promise<void> {
  if (changedMs === undefined) return;
  const { dataset } = await catalog.get(name, { signal });
  const isSame = toMs(dataset?.changed) === changedMs && Number(dataset?.bytes) === byteLength;
  if (!isSame) throw new FlightError("failed_precondition", `dataset ${quoteName(name)} has been replaced`);
}

/** A time as milliseconds since 1970. */
export function toMs(time: { readonly seconds: bigint; readonly nanos: number } | undefined): number | undefined {
  return time && Number(time.seconds) * 1000 + time.nanos / 1e6;
}
