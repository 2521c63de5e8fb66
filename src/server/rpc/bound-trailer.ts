import { shortenMessage } from "../../flight/index.ts";
import { trailerBytesMax } from "./limits.ts";

/** The maximum length of a forwarded error message, percent-encoded, in bytes. */
const messageBytesMax = 4 * 1024;

const statusFields = new Set(["grpc-status", "grpc-message"]);

/**
 * Shortens a trailer in place to the size that HTTP/2 allows. nghttp2 would reset the stream instead of sending a
 * larger one, and the client would not get the status. It truncates the message and then drops the largest other
 * fields.
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

/** Decodes a message. A message from another server may be encoded incorrectly. */
function decodeMessage(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
