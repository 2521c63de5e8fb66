import { FlightError, joinPieces } from "../../flight/index.ts";

/** The maximum length of a body in bytes. A token with many claims has a few thousand. */
const bodyBytesMax = 16 * 1024;

/**
 * Reads a body as a JSON object whose values are strings. Other media types are refused, because a form of any site
 * could send them.
 *
 * @throws FlightError INVALID_ARGUMENT or RESOURCE_EXHAUSTED; the message does not contain the body
 */
export async function readJsonTexts(
  header: Headers,
  body: AsyncIterable<Uint8Array>,
): Promise<Readonly<Record<string, string>>> {
  const type = header.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) throw invalid("the body must be application/json");
  const pieces: Uint8Array[] = [];
  let byteLength = 0;
  for await (const piece of body) {
    byteLength += piece.byteLength;
    if (byteLength > bodyBytesMax) {
      throw new FlightError("resource_exhausted", `the body must have at most ${bodyBytesMax} bytes`);
    }
    pieces.push(piece);
  }
  const value = parse(new TextDecoder().decode(joinPieces(pieces)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw invalid("the body must be an object");
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, string] => typeof entry[1] === "string")) {
    throw invalid("all values of the body must be texts");
  }
  return Object.fromEntries(entries);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid("the body must be JSON");
  }
}

function invalid(words: string): FlightError {
  return new FlightError("invalid_argument", words);
}
