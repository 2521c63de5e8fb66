import { fromBinary, type DescMessage, type Message } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { FlightError } from "./errors.ts";
import { limitError } from "./limit-error.ts";
import { messageDepthMax, messageElementsMax } from "./limits.ts";

/*
 * A message of a few bytes for each of its elements becomes an object for each of them, of fifty times the size. So they
 * are counted in the bytes before anything is made of them.
 */

/**
 * Counts the fields of a binary message, including nested messages, and parses it if they are within the limit.
 *
 * @param itemsMax - the maximum number of fields
 * @throws FlightError RESOURCE_EXHAUSTED if there are too many fields; INVALID_ARGUMENT if the bytes are not a message
 */
export function parseSmallMessage(schema: DescMessage, bytes: Uint8Array, itemsMax = messageElementsMax): Message {
  try {
    countFields(schema, bytes, { left: itemsMax, itemsMax, depth: 0 });
    return fromBinary(schema, bytes);
  } catch (reason) {
    if (reason instanceof FlightError) throw reason;
    throw new FlightError("invalid_argument", "the message is not valid protobuf", { cause: reason });
  }
}

/**
 * Checks a message that Connect parses. Connect calls a message that cannot be parsed INTERNAL, as if the server were to
 * blame.
 *
 * @throws FlightError as `parseSmallMessage`
 */
export function assertSmallMessage(schema: DescMessage, bytes: Uint8Array, itemsMax = messageElementsMax): void {
  parseSmallMessage(schema, bytes, itemsMax);
}

/** The count of the fields of a message, while they are read. */
interface FieldCount {
  left: number;
  depth: number;
  readonly itemsMax: number;
}

function countFields(schema: DescMessage, bytes: Uint8Array, count: FieldCount): void {
  if (++count.depth > messageDepthMax) throw tooDeep();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (--count.left < 0) throw tooManyElements(count.itemsMax);
    const nested = wireType === WireType.LengthDelimited ? messageOf(schema, number) : undefined;
    if (nested) countFields(nested, reader.bytes(), count);
    else reader.skip(wireType, number);
  }
  if (reader.pos > reader.len) throw new RangeError("a field is longer than its message");
  count.depth--;
}

function messageOf(schema: DescMessage, number: number): DescMessage | undefined {
  const field = schema.fields.find((each) => each.number === number);
  return field?.fieldKind === "message" || field?.fieldKind === "list" ? field.message : undefined;
}

const codes = { quote: 0x22, backslash: 0x5c, comma: 0x2c, braceOpen: 0x7b, bracketOpen: 0x5b };
const closing = new Set([0x7d, 0x5d]);

/**
 * Counts the values of a JSON message. The parser checks whether it is valid JSON.
 *
 * @param itemsMax - the maximum number of values
 * @returns the length of the longest string in bytes
 * @throws FlightError RESOURCE_EXHAUSTED if there are too many values, or they are nested too deeply
 */
export function assertSmallJson(bytes: Uint8Array, itemsMax = messageElementsMax): { longestStringBytes: number } {
  let longestStringBytes = 0;
  let left = itemsMax;
  let depth = 0;
  for (let at = 0; at < bytes.byteLength; at++) {
    const code = bytes[at]!;
    if (code === codes.quote) {
      const end = endOfString(bytes, at + 1);
      longestStringBytes = Math.max(longestStringBytes, end - at - 1);
      at = end;
    } else if (code === codes.comma) left--;
    else if (code === codes.braceOpen || code === codes.bracketOpen) {
      left--;
      if (++depth > messageDepthMax) throw tooDeep();
    } else if (closing.has(code)) depth--;
    if (left < 0) throw tooManyElements(itemsMax);
  }
  return { longestStringBytes };
}

function endOfString(bytes: Uint8Array, start: number): number {
  for (let from = start; ;) {
    const end = bytes.indexOf(codes.quote, from);
    if (end < 0) return bytes.byteLength;
    let backslashes = 0;
    while (end - backslashes > start && bytes[end - backslashes - 1] === codes.backslash) backslashes++;
    if (backslashes % 2 === 0) return end;
    from = end + 1;
  }
}

function tooManyElements(itemsMax: number): FlightError {
  return limitError("message-items", `a message has more than ${itemsMax} fields, values or list items`);
}

function tooDeep(): FlightError {
  return limitError("message-depth", `a message is nested deeper than ${messageDepthMax} levels`);
}
