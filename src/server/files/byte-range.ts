/** Bytes of a file from the first to the last (exclusive). */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range header of one range. Source: RFC 9110, section 14.
 *
 * @param byteLength - of the whole
 * @returns undefined where all of it is meant: there is no header, another unit, several ranges, or what is no range;
 * `unsatisfiable` where the range begins behind the end
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
