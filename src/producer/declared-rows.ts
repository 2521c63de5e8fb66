import { rowCountHeader } from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";

/**
 * Reads how many rows a put declares that it has, by the header `hangar-row-count` or by its command; undefined where it
 * does not.
 *
 * @param inCommand - what the command says
 * @throws FlightError INVALID_ARGUMENT where the header is no whole number, or not the one of the command
 */
export function declaredRowCount(header: Headers, inCommand?: number): number | undefined {
  const text = header.get(rowCountHeader);
  if (text === null) return inCommand;
  const rowCount = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(rowCount)) {
    const words = `the header ${rowCountHeader} must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}`;
    throw new FlightError("invalid_argument", words);
  }
  if (inCommand !== undefined && inCommand !== rowCount) {
    const words = `the command's "rowCount" is ${inCommand}, the header ${rowCountHeader} is ${rowCount}`;
    throw new FlightError("invalid_argument", words);
  }
  return rowCount;
}

/**
 * Refuses a put that has not the rows that it declares: its source may have failed where its client did not notice.
 *
 * @param declared - as `declaredRowCount` gives it
 * @throws FlightError INVALID_ARGUMENT with both numbers
 */
export function assertRowCount(declared: number | undefined, rowCount: bigint): void {
  if (declared === undefined || BigInt(declared) === rowCount) return;
  throw new FlightError("invalid_argument", `the put declares ${declared} rows, but ${rowCount} came`);
}
