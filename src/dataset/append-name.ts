import { FlightError, quoteName } from "../flight/index.ts";
import { datasetNameFromPath, splitName, type DatasetName } from "./dataset-name.ts";
import { idempotencyKeyHeader } from "./call-headers.ts";

/** The ids of appends: they are part of a file's name. */
const idForm = /^[A-Za-z0-9][\w.-]{0,127}$/;

/**
 * Returns the name of the dataset that an append creates in a folder: `FOLDER/ID.parquet`. Whoever repeats an append
 * repeats its id, so that its rows are stored once.
 *
 * @param folder - the segments of its path, joined by `/`; a `/` at the end is ignored
 * @param id - up to 128 letters, digits, `_`, `.` and `-`
 * @throws FlightError INVALID_ARGUMENT if the folder or the id is not allowed
 */
export function appendedName(folder: string, id: string): DatasetName {
  if (!idForm.test(id)) {
    throw new FlightError(
      "invalid_argument",
      `${quoteName(id)} cannot identify an append: it takes 1 to 128 letters, digits, "_", "." and "-"`,
    );
  }
  const segments = splitName(folder);
  if (segments.length > 1 && segments.at(-1) === "") segments.pop();
  return datasetNameFromPath([...segments, `${id}.parquet`]);
}

/** Returns the id of an append in the request header `Idempotency-Key`; undefined if there is none. */
export function appendIdFromHeader(header: Headers): string | undefined {
  // The draft of the IETF has a string in quotes. Most clients send the bare value.
  return header.get(idempotencyKeyHeader)?.replace(/^"(.*)"$/, "$1");
}

/** Creates an id of an append: a UUID that sorts by time, as names do in a listing. Source: RFC 9562, section 5.7. */
export function createAppendId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, (BigInt(Date.now()) << 16n) | 0x7000n | BigInt(view.getUint16(6) & 0xfff));
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
