import { shortenMessage, trailerBytesMax } from "../../flight/index.ts";

/** The longest text of an error that is passed on from elsewhere, percent-encoded, in bytes. */
const messageBytesMax = 4 * 1024;

const statusFields = new Set(["grpc-status", "grpc-message"]);

/**
 * Cuts a trailer to what HTTP/2 carries, in place: nghttp2 resets a stream rather than send a larger one, and the client
 * would never learn the status. The message is cut; of the other fields the largest go first.
 */
export function boundTrailer(trailer: Headers): void {
  const message = trailer.get("grpc-message");
  if (message !== null && message.length > messageBytesMax) {
    trailer.set("grpc-message", encodeURIComponent(shortenMessage(decodeMessage(message))));
  }
  const sizes = [...trailer].map(([name, value]) => ({ name, byteLength: name.length + value.length }));
  let byteLength = sizes.reduce((sum, field) => sum + field.byteLength, 0);
  for (const field of sizes.sort((a, b) => b.byteLength - a.byteLength)) {
    if (byteLength <= trailerBytesMax) return;
    if (statusFields.has(field.name)) continue;
    trailer.delete(field.name);
    byteLength -= field.byteLength;
  }
}

/** A message of another server may be badly encoded. */
function decodeMessage(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
