import type { KnownVersion } from "../api/assert-current.ts";
import { readStatistics } from "../api/read-statistics.ts";
import type { ShownZone } from "../table/value-format.ts";
import { daysOf, type TimestampType } from "./days-of.ts";

/** Where the bounds of a column are read. */
interface BoundsRequest {
  readonly dataset: KnownVersion;
  readonly path: readonly string[];
  readonly type: TimestampType;
  readonly zone: ShownZone;
}

/**
 * Reads the first and the last day of a column of timestamps, as a filter takes them; none where the file does not say.
 *
 * @throws FlightError as `readStatistics`
 */
export async function readTimeBounds(request: BoundsRequest, signal: AbortSignal): Promise<readonly string[]> {
  const { dataset, path, type, zone } = request;
  const statistics = await readStatistics(dataset, signal);
  const column = statistics?.columns.find((each) => each.path.join("\0") === path.join("\0"));
  return daysOf(type, [column?.min, column?.max], zone);
}
