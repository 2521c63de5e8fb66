import { rowCountHeader } from "../dataset/index.ts";
import { countWords, FlightError } from "../flight/index.ts";

/**
 * Returns the number of rows that a put declares in the header `hangar-row-count` or in its command; undefined if it
 * declares none.
 *
 * @param inCommand - the number in the command
 * @throws FlightError INVALID_ARGUMENT if the header is not a whole number, or contradicts the command
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
 * Asserts that a put has the number of rows that it declared. The source of a put may fail without an error in its client.
 *
 * @param declared - the declared number of rows; undefined accepts any number
 * @throws FlightError INVALID_ARGUMENT with both numbers
 */
export function assertRowCount(declared: number | undefined, rowCount: bigint): void {
  if (declared === undefined || BigInt(declared) === rowCount) return;
  throw new FlightError("invalid_argument", `the put declares ${countWords(declared, "row")}, but ${rowCount} arrived`);
}
