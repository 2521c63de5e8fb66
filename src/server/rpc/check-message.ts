import { fromJsonString, type DescMessage } from "@bufbuild/protobuf";
import { assertSmallJson, assertSmallMessage, FlightError, shorten } from "../../flight/index.ts";

/** Text up to this length may stand in an error's message as it is, in bytes. */
const quotedBytesMax = 200;

/** Begins a UTF-16 unit in JSON, which may be half a surrogate pair: no header can carry that. */
const escapedUnit = "\\u";

/** How a message is written. */
export type MessageFormat = "proto" | "json";

/**
 * Looks at a request's message before it is made into objects.
 *
 * @throws FlightError RESOURCE_EXHAUSTED where it would become too many; INVALID_ARGUMENT where it is malformed
 */
export function checkMessage(schema: DescMessage, format: MessageFormat, bytes: Uint8Array): void {
  if (format === "proto") return assertSmallMessage(schema, bytes);
  const { longestStringBytes } = assertSmallJson(bytes);
  const text = new TextDecoder().decode(bytes);
  if (longestStringBytes > quotedBytesMax || text.includes(escapedUnit)) assertShortReason(schema, text);
}

/**
 * The parser of JSON says what it refuses by repeating it, however long it is, and half characters too. Where it would,
 * its words are cut; whatever else is wrong is left to the parser.
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
