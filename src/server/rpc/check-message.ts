import { fromJsonString, type DescMessage } from "@bufbuild/protobuf";
import { assertSmallJson, assertSmallMessage, FlightError, shorten } from "../../flight/index.ts";

/** Text up to this length may stand in an error's message as it is, in bytes. */
const quotedBytesMax = 200;

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
  if (longestStringBytes > quotedBytesMax) assertShortReason(schema, bytes);
}

/**
 * The parser of JSON says what it refuses by repeating it, however long it is. Where it would, its words are cut; whatever
 * else is wrong is left to the parser.
 */
function assertShortReason(schema: DescMessage, bytes: Uint8Array): void {
  try {
    fromJsonString(schema, new TextDecoder().decode(bytes), { ignoreUnknownFields: true });
  } catch (reason) {
    const message = reason instanceof Error ? reason.message : String(reason);
    if (message.length <= 2 * quotedBytesMax) return;
    throw new FlightError("invalid_argument", shorten(message, 2 * quotedBytesMax), { cause: reason });
  }
}
