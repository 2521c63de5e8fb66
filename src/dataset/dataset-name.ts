import { FlightError, nameBytesMax, nameSegmentBytesMax } from "../flight/index.ts";

declare const checked: unique symbol;

/**
 * A dataset's name that has passed the checks of this module: path segments joined by `/`, in Unicode NFC.
 * What touches a disk or a bucket takes this type, so the compiler knows that nothing unchecked gets there.
 */
export type DatasetName = string & { readonly [checked]: true };

const separator = "/";

/**
 * Makes a name out of the path of a descriptor. NFC is applied, so that what one client typed as `é` and
 * another as `e` with an accent is one dataset.
 *
 * @throws FlightError INVALID_ARGUMENT where the path is empty or a segment is refused
 */
export function datasetNameFromPath(path: readonly string[]): DatasetName {
  const segments = path.map((segment) => segment.normalize("NFC"));
  const name = segments.join(separator);
  const problem =
    segments.length === 0 ? "it has no segments" : (firstProblem(segments) ?? nameProblem(byteLengthOf(name)));
  if (problem !== undefined) throw refused(name, problem);
  return name as DatasetName;
}

/**
 * Reads a name as it stands in a URL or in a request of `DatasetService`: segments joined by `/`.
 *
 * @throws FlightError INVALID_ARGUMENT where a segment is refused
 */
export function parseDatasetName(text: string): DatasetName {
  return datasetNameFromPath(text.split(separator));
}

/**
 * Reads a name out of the bytes of a ticket or of an action's body: segments joined by `/`, in UTF-8.
 *
 * @throws FlightError INVALID_ARGUMENT where the bytes are no UTF-8 or a segment is refused
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

/** The segments of a name, as a descriptor's path holds them. */
export function datasetPath(name: DatasetName): string[] {
  return name.split(separator);
}

/** Whether text is a name exactly as it stands, already in NFC: what a listing may show. */
export function isDatasetName(text: string): text is DatasetName {
  const segments = text.split(separator);
  return (
    firstProblem(segments) === undefined &&
    nameProblem(byteLengthOf(text)) === undefined &&
    text === text.normalize("NFC")
  );
}

/**
 * The order of listings: by the UTF-8 bytes of the names, which is the order of code points. Comparing
 * strings with `<` goes by UTF-16 units, which puts U+10000 and above before U+E000.
 *
 * @returns below 0 where `a` comes first, above 0 where `b` does, 0 where they are equal
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

/** Puts surrogates, which stand for the highest code points, above every other UTF-16 unit. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

/** A name for a message: quoted, with control characters escaped, and cut where it is long. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length <= 200 ? name : `${name.slice(0, 200)}…`);
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
  if (segment.startsWith(".")) return "a segment begins with a dot";
  if (/[/\\]/.test(segment)) return "a segment has a separator (/ or \\) in it";
  if (/\p{Cc}/u.test(segment)) return "a segment has a control character in it";
  if (!segment.isWellFormed()) return "a segment has half a surrogate pair in it";
  const byteLength = byteLengthOf(segment);
  if (byteLength > nameSegmentBytesMax) {
    return `a segment has ${byteLength} bytes; at most ${nameSegmentBytesMax} are taken`;
  }
  return undefined;
}

function nameProblem(byteLength: number): string | undefined {
  return byteLength > nameBytesMax ? `it has ${byteLength} bytes; at most ${nameBytesMax} are taken` : undefined;
}

function byteLengthOf(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
