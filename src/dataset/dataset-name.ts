import { FlightError, quoteName } from "../flight/index.ts";
import { nameBytesMax, nameSegmentBytesMax } from "./limits.ts";

declare const checked: unique symbol;

/**
 * A dataset name that has been checked: path segments joined by `/`, in Unicode NFC. Storages take only this type, so
 * that no unchecked name reaches a disk or a bucket.
 */
export type DatasetName = string & { readonly [checked]: true };

const separator = "/";

/**
 * Creates a name from the path of a descriptor. NFC is applied, so that `é` and `e` with a combining accent are the
 * same name.
 *
 * @throws FlightError INVALID_ARGUMENT if the path is empty, or a segment is not allowed
 */
export function datasetNameFromPath(path: readonly string[]): DatasetName {
  const segments = path.map((segment) => segment.normalize("NFC"));
  const name = segments.join(separator);
  const problem = segments.length === 0 ? "it has no segments" : (firstProblem(segments) ?? nameProblem(name));
  if (problem !== undefined) throw refused(name, problem);
  return name as DatasetName;
}

/**
 * Checks a dataset name: segments joined by `/`. NFC is applied.
 *
 * @throws FlightError INVALID_ARGUMENT if a segment is not allowed
 */
export function parseDatasetName(text: string): DatasetName {
  return datasetNameFromPath(splitName(text));
}

/**
 * Splits a name into its segments, without checking them: another server may allow other names.
 *
 * @throws FlightError INVALID_ARGUMENT if the name is not a string, which plain JavaScript does not check
 */
export function splitName(name: string): string[] {
  if (typeof name === "string") return name.split(separator);
  const kind = name === null ? "null" : typeof name;
  throw new FlightError("invalid_argument", `the name of a dataset must be a string, not ${kind}`);
}

/**
 * Decodes a dataset name from the bytes of a ticket or of an action's body: segments joined by `/`, in UTF-8.
 *
 * @throws FlightError INVALID_ARGUMENT if the bytes are not UTF-8, or a segment is not allowed
 */
export function datasetNameFromBytes(bytes: Uint8Array): DatasetName {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (reason) {
    throw new FlightError("invalid_argument", "the dataset's name is not valid UTF-8", { cause: reason });
  }
  return parseDatasetName(text);
}

/** The bytes of a name, as a ticket holds them. */
export function datasetNameToBytes(name: DatasetName): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(name);
}

/** Returns the segments of a name, as in the path of a descriptor. */
export function datasetPath(name: DatasetName): string[] {
  return name.split(separator);
}

/** Whether text is a valid dataset name, already in NFC. */
export function isDatasetName(text: string): text is DatasetName {
  const segments = text.split(separator);
  return firstProblem(segments) === undefined && nameProblem(text) === undefined && text === text.normalize("NFC");
}

/**
 * Compares two names for the order of listings: the order of their UTF-8 bytes. The operator `<` compares UTF-16 units
 * instead, which puts U+10000 before U+E000.
 *
 * @returns a negative number if `a` is first, a positive number if `b` is first, 0 if they are equal
 */
export function compareNames(a: string, b: string): number {
  const sharedLength = Math.min(a.length, b.length);
  for (let i = 0; i < sharedLength; i++) {
    const unitA = a.charCodeAt(i);
    const unitB = b.charCodeAt(i);
    if (unitA !== unitB) return rankOf(unitA) - rankOf(unitB);
  }
  return a.length - b.length;
}

/** Sorts surrogates, which encode the highest code points, after all other UTF-16 units. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function refused(name: string, problem: string): FlightError {
  return new FlightError("invalid_argument", `${quoteName(name)} cannot name a dataset: ${problem}`);
}

function firstProblem(segments: readonly string[]): string | undefined {
  for (const segment of segments) {
    const problem = segmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "a segment is empty";
  if (segment.startsWith(".")) return "a segment starts with a dot";
  if (/[/\\]/.test(segment)) return `a segment contains a separator (/ or \\)${segmentsHint(segment)}`;
  if (/\p{Cc}/u.test(segment)) return "a segment contains a control character";
  if (!segment.isWellFormed()) return "a segment contains half a surrogate pair";
  return lengthProblem("a segment", segment, nameSegmentBytesMax);
}

/** The segments that a path of one segment was meant to have. */
function segmentsHint(segment: string): string {
  const segments = segment.split(separator);
  if (segments.length < 2 || segments.some((each) => segmentProblem(each) !== undefined)) return "";
  return `; write each part as a segment of its own: ${segments.map((each) => JSON.stringify(each)).join(", ")}`;
}

function nameProblem(name: string): string | undefined {
  return lengthProblem("it", name, nameBytesMax);
}

/** The maximum number of UTF-8 bytes of a UTF-16 unit. */
const unitBytesMax = 3;

function lengthProblem(what: string, text: string, bytesMax: number): string | undefined {
  if (text.length * unitBytesMax <= bytesMax) return undefined;
  const { byteLength } = new TextEncoder().encode(text);
  return byteLength > bytesMax ? `${what} has ${byteLength} bytes; the maximum is ${bytesMax}` : undefined;
}
