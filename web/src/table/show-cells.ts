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
  switch (type.kind) {
    case "binary":
    case "large_binary":
    case "binary_view":
    case "fixed_size_binary":
      return showBinary;
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

function showBinary(base64: string, bytesMax: number): string {
  const bytes = atob(base64);
  let hex = "";
  for (let i = 0; i < Math.min(bytes.length, bytesMax); i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, "0");
  const length = `(${bytes.length} ${bytes.length === 1 ? "byte" : "bytes"})`;
  return `${hex}${bytes.length > bytesMax ? "…" : ""} ${length}`.trimStart();
}
