import {
  bytesTextOf,
  dictionaryValueField,
  formatType,
  isBytesType,
  type DataType,
  type Field,
  type Scalar,
} from "../arrow/index.ts";
import { shorten } from "../flight/index.ts";
import { parseDecimal, toSteps, type Steps } from "./exact-decimal.ts";
import type { Literal } from "./expression.ts";
import { refused } from "./filter-error.ts";
import { quoteColumn, quoteText } from "./quote.ts";
import { parseBinary } from "./parse-binary.ts";
import { parseDate, parseDuration, parseTimeOfDay, parseTimestamp } from "./parse-time.ts";

/** A literal as a value of a column's type. */
export interface Constant {
  /** The value, in the form of `readScalars`. */
  readonly value: Scalar;
  /** False if the literal is between `value` and the next value of the type. */
  readonly isExact: boolean;
}

const namedFloats: Readonly<Record<string, number>> = { nan: NaN, infinity: Infinity, "-infinity": -Infinity };
const millisecondsPerDay = 86_400_000n;

/**
 * Converts a literal to a value of a field's type. A string is accepted for every type. Numbers are exact; for floats,
 * they are rounded to the precision of the column.
 *
 * @throws FlightError INVALID_ARGUMENT if the literal is not a value of the type, or if the type is not supported
 */
export function toConstant(field: Field, literal: Literal): Constant {
  const constant = isBytesType(field.type) ? readBinary(field, literal) : read(field, literal);
  if (constant !== undefined) return constant;
  throw notOfType(field, literal);
}

function notOfType(field: Field, literal: Literal, problem = ""): Error {
  const shown = literal.kind === "string" ? quoteText(literal.text) : literal.text;
  const hint = problem === "" ? hintOf(field, literal) : `: ${problem}`;
  return refused(literal.place, `${shorten(shown, 100)} is not a valid ${formatOf(field)}${hint}`);
}

/** Says what the writer probably meant, if that is a value of the type. */
function hintOf(field: Field, { kind, text, place }: Literal): string {
  const { name, type } = field;
  if (type.kind === "timestamp") {
    const moment = parseTimestamp(text, type.unit);
    if (moment === undefined)
      return type.timezone === "" ? "" : `, with a time zone: ${zonedExample("", type.timezone)}`;
    const column = quoteColumn(name);
    return type.timezone === ""
      ? `: ${column} has no time zone, so the value must have none`
      : `: say the time zone; ${column} is in ${type.timezone}: ${zonedExample(text, type.timezone)}`;
  }
  if (type.kind === "bool") return ": write true or false";
  if (kind !== "number" || numberKinds.includes(type.kind) || isBytesType(field.type)) return "";
  const isQuotedValid = read(field, { kind: "string", text, place }) !== undefined;
  return isQuotedValid ? `: put it in single quotes: ${quoteText(text)}` : "";
}

const numberKinds = ["int", "float", "decimal", "null"];

/** A timestamp with a zone: in that of the column, and in UTC. */
function zonedExample(text: string, timezone: string): string {
  const shown = /^\d/.test(text) ? text : "2026-11-29T18:30:00";
  const zoned = /^[+-]/.test(timezone) ? `${shown}${timezone}` : `${shown} ${timezone}`;
  return timezone === "UTC" ? quoteText(`${shown}Z`) : `${quoteText(zoned)} or ${quoteText(`${shown}Z`)}`;
}

function readBinary(field: Field, literal: Literal): Constant | undefined {
  if (literal.kind === "boolean" || (literal.kind === "number" && !/^0x/i.test(literal.text))) return undefined;
  if (literal.kind === "string" && bytesTextOf(field) === "utf8") return exact(new TextEncoder().encode(literal.text));
  const byteWidth = field.type.kind === "fixed_size_binary" ? field.type.byteWidth : undefined;
  const { bytes, problem } = parseBinary(literal.text, byteWidth);
  if (bytes === undefined) throw notOfType(field, literal, problem);
  return exact(bytes);
}

function read(field: Field, { kind, text }: Literal): Constant | undefined {
  const { type } = field;
  if (kind === "boolean" && type.kind !== "bool" && type.kind !== "null") return undefined;
  if (kind === "number" && !numberKinds.includes(type.kind)) return undefined;
  switch (type.kind) {
    case "null":
      return { value: false, isExact: true };
    case "bool":
      return ["true", "false"].includes(text.toLowerCase()) ? exact(text.toLowerCase() === "true") : undefined;
    case "int":
      return inSteps(stepsOf(text, 0), type.bitWidth === 64);
    case "decimal":
      return inSteps(stepsOf(text, type.scale), true);
    case "float":
      return readFloat(text, type.bitWidth);
    case "utf8":
    case "large_utf8":
    case "utf8_view":
      return exact(new TextEncoder().encode(text));
    case "date": {
      const days = parseDate(text);
      return days === undefined ? undefined : exact(type.unit === "day" ? days : BigInt(days) * millisecondsPerDay);
    }
    case "time":
      return inSteps(parseTimeOfDay(text, type.unit), type.bitWidth === 64);
    case "timestamp": {
      const moment = parseTimestamp(text, type.unit);
      return moment?.hasZone === (type.timezone !== "") ? inSteps(moment, true) : undefined;
    }
    case "duration":
      return inSteps(parseDuration(text, type.unit), true);
    default:
      return undefined;
  }
}

const exact = (value: Scalar): Constant => ({ value, isExact: true });

function stepsOf(text: string, scale: number): Steps | undefined {
  const decimal = parseDecimal(text);
  return decimal && toSteps(decimal, scale);
}

/** Columns of up to 32 bits have numbers, to which a constant beyond their range may be rounded. */
function inSteps(steps: Steps | undefined, isWide: boolean): Constant | undefined {
  return steps && { value: isWide ? steps.floor : Number(steps.floor), isExact: steps.isExact };
}

function readFloat(text: string, bitWidth: number): Constant | undefined {
  const value = namedFloats[text.toLowerCase()] ?? (parseDecimal(text) && Number(text));
  return value === undefined ? undefined : exact(bitWidth === 32 ? Math.fround(value) : value);
}

/** A value of the types that are written in quotes. */
const examples: Partial<Record<DataType["kind"], string>> = {
  date: "'2026-11-29'",
  time: "'18:30:00'",
  timestamp: "'2026-11-29T18:30:00'",
  duration: "'PT1H30M' or '1 h 30 min'",
};

function formatOf(field: Field): string {
  const type = formatType(dictionaryValueField(field));
  const { kind } = field.type;
  if (bytesTextOf(field) === "uuid") return "UUID such as '01234567-89ab-cdef-0123-456789abcdef'";
  if (bytesTextOf(field) === "utf8") return "Parquet ENUM in quotes";
  if (isBytesType(field.type)) return `${type} such as '0x${exampleBytes(field)}' or in base64`;
  const example = examples[kind];
  if (example !== undefined) return `${type} such as ${example}`;
  return ["int", "float", "decimal", "bool"].includes(kind) ? type : `${type} in quotes`;
}

/** Hexadecimal digits of as many bytes as the type has, up to 16. */
function exampleBytes({ type }: Field): string {
  const byteLength = type.kind === "fixed_size_binary" ? Math.min(16, type.byteWidth) : 2;
  return "01ff".repeat(8).slice(0, 2 * byteLength);
}
