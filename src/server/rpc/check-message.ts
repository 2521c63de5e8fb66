import { fromJsonString, type DescMessage, type DescMethod } from "@bufbuild/protobuf";
import { assertSmallJson, assertSmallMessage, FlightError, shorten } from "../../flight/index.ts";

/** The maximum length of request text in an error message, in bytes. */
const quotedBytesMax = 200;

/** The start of an escaped UTF-16 unit in JSON. An unpaired surrogate cannot be sent in a header. */
const escapedUnit = "\\u";

/** The format of a message. */
export type MessageFormat = "proto" | "json";

/**
 * Checks a request message before it is parsed.
 *
 * @param itemsMax - the maximum number of its values
 * @throws FlightError RESOURCE_EXHAUSTED if it has too many values; INVALID_ARGUMENT if it is malformed
 */
export function checkMessage(
  { input: schema }: DescMethod,
  bytes: Uint8Array,
  { format, itemsMax }: { format: MessageFormat; itemsMax: number },
): void {
  if (format === "proto") return assertSmallMessage(schema, bytes, itemsMax);
  const { longestStringBytes } = assertSmallJson(bytes, itemsMax);
  const text = new TextDecoder().decode(bytes);
  if (longestStringBytes > quotedBytesMax || text.includes(escapedUnit)) assertShortReason(schema, text);
}

/**
 * The JSON parser repeats invalid text in its errors, whatever its length, including unpaired surrogates. Such errors
 * are shortened here. Other errors are left to the parser.
 */
function assertShortReason(schema: DescMessage, text: string): void {
  try {
    fromJsonString(schema, text, { ignoreUnknownFields: true });
  } catch (reason) {
    const message = reason instanceof Error ? reason.message : String(reason);
    if (message.length <= 2 * quotedBytesMax && message.isWellFormed()) return;
    throw new FlightError("invalid_argument", shorten(message, 2 * quotedBytesMax), { cause: reason });
  }
}
