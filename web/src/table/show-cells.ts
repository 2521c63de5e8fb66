import type { ArrayView, DataType, ElementReader } from "hangar/flight";
import { textCells, type Dictionaries } from "hangar/rows";

/** A value as text to be seen; null for a null. */
export type Cell = string | null;

/** Bytes of a binary that a cell shows; its length says how much more there is. */
const shownBytesMax = 24;

/**
 * Shows the elements of a column: the lossless text of docs/rows.md, but for binaries, which are hexadecimal with their
 * length, timestamps, which have a space for their T, and durations, which are seconds.
 */
export function showCells(array: ArrayView, dictionaries: Dictionaries): ElementReader<Cell> {
  const cells = textCells(array, dictionaries);
  const show = showText(array.field.type);
  return (index) => {
    const text = cells(index);
    return text === null ? null : show(text, shownBytesMax);
  };
}

/** Shows what `textCells` has written for a type; pure. */
export function showText(type: DataType): (text: string, bytesMax: number) => string {
  if (isBinary(type)) return showBinary;
  switch (type.kind) {
    case "timestamp":
      return (text) => text.replace("T", " ");
    case "duration":
      return (text) => `${text.replace("PT", "").replace("S", "")} s`;
    default:
      return (text) => text;
  }
}

/** Types whose values are set flush right, so that their digits stand below each other. */
export function isNumeric({ kind }: DataType): boolean {
  return kind === "int" || kind === "float" || kind === "decimal";
}

/**
 * Shows a bound of a column, or the edge of a bar: as its cells, but a binary without its length, as it may be the
 * beginning of one, and times without a fraction that is zero; pure.
 */
export function showBound(type: DataType, text: string): string {
  if (isBinary(type)) return toHex(text, shownBytesMax);
  const shown = showText(type)(text, shownBytesMax);
  switch (type.kind) {
    case "float":
      // Parquet has a minus before a least value of zero, whatever sign the values have.
      return shown === "-0.0" ? "0" : shown;
    case "time":
    case "timestamp":
    case "duration":
      return shown.replace(/\.0+(?=Z| s|$)/, "");
    default:
      return shown;
  }
}

function isBinary({ kind }: DataType): boolean {
  return ["binary", "large_binary", "binary_view", "fixed_size_binary"].includes(kind);
}

function showBinary(base64: string, bytesMax: number): string {
  const byteLength = byteLengthOf(base64);
  return `${toHex(base64, bytesMax)} (${byteLength} ${byteLength === 1 ? "byte" : "bytes"})`.trimStart();
}

function toHex(base64: string, bytesMax: number): string {
  // Four characters are three bytes.
  const bytes = atob(base64.slice(0, 4 * Math.ceil(bytesMax / 3)));
  let hex = "";
  for (let i = 0; i < Math.min(bytes.length, bytesMax); i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, "0");
  return byteLengthOf(base64) > bytesMax ? `${hex}…` : hex;
}

function byteLengthOf(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}
