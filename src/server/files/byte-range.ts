/** A range of bytes of a file; the end is exclusive. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Parses a Range header with one range. Source: RFC 9110, section 14.
 *
 * @param byteLength - the length of the file
 * @returns undefined for the whole file: without a header, for another unit, for several ranges, and for an invalid
 * range; `unsatisfiable` if the range starts after the end
 */
export function parseRange(header: string | null, byteLength: number): ByteSpan | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=\s*(\d*)-(\d*)\s*$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  if (first === "") {
    const start = Math.max(0, byteLength - Number(last));
    return start === byteLength ? "unsatisfiable" : { start, end: byteLength };
  }
  const start = Number(first);
  if (last !== "" && Number(last) < start) return undefined;
  if (start >= byteLength) return "unsatisfiable";
  return { start, end: last === "" ? byteLength : Math.min(Number(last) + 1, byteLength) };
}
