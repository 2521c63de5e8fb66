import { fromJsonString, type DescMessage } from "@bufbuild/protobuf";
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
 * @throws FlightError RESOURCE_EXHAUSTED if it has too many values; INVALID_ARGUMENT if it is malformed
 */
export function checkMessage(schema: DescMessage, format: MessageFormat, bytes: Uint8Array): void {
  if (format === "proto") return assertSmallMessage(schema, bytes);
  const { longestStringBytes } = assertSmallJson(bytes);
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
