import { FlightError } from "../flight/index.ts";
import { bytesTextOf, type Field, type Scalar } from "../arrow/index.ts";
import { formatDate, formatSeconds, formatTimeOfDay, formatTimestamp, type Unit } from "./format-time.ts";

/** Formats a value as text. */
export type ScalarFormat = (value: Scalar) => string;

const millisecondsPerDay = 86_400_000n;

/**
 * Returns a function that formats the values of a field as text. The text has the full precision, and does not depend on a
 * locale or a time zone. docs/rows.md describes the text of each type.
 *
 * @param field - a field without children. For a field with a dictionary, the type of the values counts.
 * @throws RangeError if the type has children
 */
export function formatScalar(field: Field): ScalarFormat {
  const { name, type } = field;
  switch (type.kind) {
    case "null":
    case "bool":
    case "int":
      return String;
    case "float":
      return type.bitWidth === 32 ? (value) => formatFloat32(value as number) : (value) => formatFloat(value as number);
    case "decimal":
      return (value) => formatDecimal(value as bigint, type.scale);
    case "utf8":
    case "large_utf8":
    case "utf8_view":
      return utf8Format(name);
    case "binary":
    case "large_binary":
    case "binary_view":
    case "fixed_size_binary":
      return bytesFormat(field);
    case "date":
      return type.unit === "day" ? (value) => formatDate(value as number) : (value) => formatDate64(value as bigint);
    case "time":
      return (value) => formatTimeOfDay(BigInt(value as bigint | number), type.unit);
    case "timestamp": {
      const zone = type.timezone === "" ? "" : "Z";
      return (value) => formatTimestamp(value as bigint, type.unit) + zone;
    }
    case "duration":
      return (value) => formatDuration(value as bigint, type.unit);
    case "interval":
      return intervalFormats[type.unit];
    default:
      throw new RangeError(`values of type ${type.kind} are no scalars`);
  }
}

/**
 * Formats a float as the shortest decimal number that is read as the same float. `-0.0` is a float for all readers. NaN
 * and infinities are names.
 */
function formatFloat(value: number): string {
  return Object.is(value, -0) ? "-0.0" : String(value);
}

function formatFloat32(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) return formatFloat(value);
  for (let digitCount = 6; digitCount < 9; digitCount++) {
    const short = Number(value.toPrecision(digitCount));
    if (Math.fround(short) === value) return formatFloat(short);
  }
  return formatFloat(Number(value.toPrecision(9)));
}

/** Formats a decimal with all its digits. A negative scale adds zeros. */
function formatDecimal(unscaled: bigint, scale: number): string {
  if (scale <= 0) return String(unscaled * 10n ** BigInt(-scale));
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function utf8Format(name: string): ScalarFormat {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return (value) => {
    try {
      return decoder.decode(value as Uint8Array);
    } catch (reason) {
      throw new FlightError("data_loss", `column ${name} has a string that is not UTF-8`, { cause: reason });
    }
  };
}

function bytesFormat(field: Field): ScalarFormat {
  switch (bytesTextOf(field)) {
    case "uuid":
      return (value) => formatUuid(value as Uint8Array);
    case "utf8":
      return utf8Format(field.name);
    case undefined:
      return (value) => toBase64(value as Uint8Array);
  }
}

/** Formats 16 bytes as a UUID in lower case. Source: RFC 9562, section 4. */
function formatUuid(bytes: Uint8Array): string {
  let text = "";
  for (const [i, byte] of bytes.entries()) {
    text += (i === 4 || i === 6 || i === 8 || i === 10 ? "-" : "") + byte.toString(16).padStart(2, "0");
  }
  return text;
}

/** Formats a date in milliseconds. By Arrow's rules, it is a whole day; other values keep their time. */
function formatDate64(milliseconds: bigint): string {
  const isDay = milliseconds % millisecondsPerDay === 0n;
  return isDay ? formatDate(Number(milliseconds / millisecondsPerDay)) : formatTimestamp(milliseconds, "ms");
}

function formatDuration(ticks: bigint, unit: Unit): string {
  return ticks < 0n ? `-PT${formatSeconds(-ticks, unit)}S` : `PT${formatSeconds(ticks, unit)}S`;
}

/** Every part is kept by itself, as no part is a number of another: days have no fixed hours. */
const intervalFormats: Record<"year_month" | "day_time" | "month_day_nano", ScalarFormat> = {
  year_month: (value) => `P${String(value)}M`,
  day_time: (value) => {
    const view = viewOf(value);
    return `P${view.getInt32(0, true)}DT${formatSeconds(BigInt(view.getInt32(4, true)), "ms")}S`;
  },
  month_day_nano: (value) => {
    const view = viewOf(value);
    const seconds = formatSeconds(view.getBigInt64(8, true), "ns");
    return `P${view.getInt32(0, true)}M${view.getInt32(4, true)}DT${seconds}S`;
  },
};

function viewOf(value: Scalar): DataView {
  const { buffer, byteOffset, byteLength } = value as Uint8Array;
  return new DataView(buffer, byteOffset, byteLength);
}

/** How many bytes become characters at a time: a call's arguments are limited. */
const base64BytesAtOnce = 0x6000;

function toBase64(bytes: Uint8Array): string {
  let characters = "";
  for (let start = 0; start < bytes.byteLength; start += base64BytesAtOnce) {
    characters += String.fromCharCode(...bytes.subarray(start, start + base64BytesAtOnce));
  }
  return btoa(characters);
}
