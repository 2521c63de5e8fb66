import { bytesTextOf, type DataType, type Field } from "hangar/flight";
import { plainFormat, showDuration, showInZone, showNumber, trimDuration, type ValueFormat } from "./value-format.ts";

/** A value as text; null for a null. */
export type Cell = string | null;

/** Bytes of a binary that a cell shows; its length says how much more there is. */
const shownBytesMax = 24;

/**
 * Shows a value in a cell of a table: the lossless text of docs/rows.md, but for binaries, which are hexadecimal, the
 * beginning of long ones, with their length, or images, which say so; timestamps, which have a space for their T; and
 * durations, which are in days, hours, minutes and seconds; pure.
 *
 * @param format - how numbers and times are shown
 */
export function showCell(type: DataType, text: string, format: ValueFormat = plainFormat): string {
  if (!isBinary(type)) return showWhole(type, text, format);
  const byteLength = byteLengthOf(text);
  const image = imageTypeOf(text);
  const shown = image === undefined ? toHex(text, shownBytesMax) : `${image.toUpperCase()} image`;
  return `${shown} (${byteLength} ${byteLength === 1 ? "byte" : "bytes"})`.trimStart();
}

/** The first bytes of images, in base64, as far as they fill whole characters. */
const imageStarts = { png: "iVBORw0KGgo", jpeg: "/9j/" } as const;

/** Which image a binary is, by its first bytes and its text; undefined for others. */
export function imageTypeOf(base64: string): keyof typeof imageStarts | undefined {
  return (["png", "jpeg"] as const).find((type) => base64.startsWith(imageStarts[type]));
}

/** Shows all of a value, as `showCell` shows what there is room for; pure. */
export function showWhole(type: DataType, text: string, format: ValueFormat = plainFormat): string {
  switch (type.kind) {
    case "int":
    case "float":
    case "decimal":
      return showNumber(type, text, format);
    case "timestamp":
      if (type.timezone === "" || format.zone === "utc") return text.replace("T", " ");
      return showInZone(text, format.zone === "local" ? undefined : type.timezone);
    case "duration":
      return showDuration(text);
    default:
      return isBinary(type) ? toHex(text, Infinity) : text;
  }
}

/** A value as it is copied: as a filter takes it, with all its digits; pure. */
export function toStoredText(type: DataType, text: string): string {
  return type.kind === "duration" ? trimDuration(text) : showWhole(type, text);
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
  const shown = showWhole(type, text);
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

const nestedKinds = new Set(["list", "large_list", "list_view", "large_list_view", "fixed_size_list", "struct", "map"]);

/** Whether values have values in them, as JSON. */
export function isNested({ kind }: DataType): boolean {
  return nestedKinds.has(kind);
}

const textType: DataType = { kind: "utf8" };

/**
 * The type by which values of a field are shown, quoted and sorted: that of strings for UUIDs and ENUMs, whose text is no
 * base64; pure.
 */
export function shownType(field: Pick<Field, "type" | "metadata">): DataType {
  return bytesTextOf(field) === undefined ? field.type : textType;
}

/** Whether values are bytes. */
export function isBinary({ kind }: DataType): boolean {
  return ["binary", "large_binary", "binary_view", "fixed_size_binary"].includes(kind);
}

function toHex(base64: string, bytesMax: number): string {
  // Four characters are three bytes.
  const bytes = atob(base64.slice(0, 4 * Math.ceil(bytesMax / 3)));
  let hex = "";
  for (let i = 0; i < Math.min(bytes.length, bytesMax); i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, "0");
  if (hex === "") return "";
  return byteLengthOf(base64) > bytesMax ? `0x${hex}…` : `0x${hex}`;
}

/** The bytes of a binary, by its text. */
export function byteLengthOf(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}
