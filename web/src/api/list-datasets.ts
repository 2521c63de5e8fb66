import { toFlightError } from "hangar/flight";
import { toMs } from "./to-ms.ts";
import { catalog, flight } from "./client.ts";
import type { DatasetEntry } from "./dataset-entry.ts";
import { toCount } from "./describe-dataset.ts";
import { takesFiles } from "./takes-files.ts";

const pageSizeMax = 1000;

/** The datasets of a server. */
export interface DatasetListing {
  readonly entries: readonly DatasetEntry[];
  /** Whether they are files over HTTP too, as they are where the server is Hangar's own store. */
  readonly hasFiles: boolean;
}

/** Lists all datasets, with what Flight says of them where the server has no DatasetService. */
export async function listDatasets(signal: AbortSignal): Promise<DatasetListing> {
  const entries: DatasetEntry[] = [];
  try {
    for await (const { name, rows, bytes, columns, changed } of catalog.list("", { signal, pageSize: pageSizeMax })) {
      const [rowCount, byteLength] = [toCount(rows), toCount(bytes)];
      entries.push({ name, rowCount, byteLength, columnCount: columns, changedMs: toMs(changed) });
    }
    return { entries, hasFiles: await takesFiles(signal) };
  } catch (reason) {
    if (toFlightError(reason).code !== "unimplemented") throw reason;
  }
  for await (const { flightDescriptor, totalRecords, totalBytes } of flight.listFlights("", { signal })) {
    const name = (flightDescriptor?.path ?? []).join("/");
    const [rowCount, byteLength] = [toCount(totalRecords), toCount(totalBytes)];
    entries.push({ name, rowCount, byteLength, columnCount: undefined, changedMs: undefined });
  }
  return { entries, hasFiles: false };
}
