/**
 * Shortens the text of a message. Long text is cut in the middle, because the end often has the reason. Unpaired
 * surrogates, which headers cannot contain, are replaced.
 *
 * @param charCountMax - the maximum number of UTF-16 units in the result; at least 4
 */
export function shorten(text: string, charCountMax: number): string {
  if (text.length <= charCountMax) return text.toWellFormed();
  const endCharCount = Math.floor(charCountMax / 4);
  return `${text.slice(0, charCountMax - endCharCount - 1)}…${text.slice(-endCharCount)}`.toWellFormed();
}

/** The maximum length of a name in a message, in characters. A client may send a longer name. */
const quotedCharCountMax = 200;

/** Quotes a name for a message. Control characters are escaped, and a long name is shortened in its middle. */
export function quoteName(name: string): string {
  return JSON.stringify(shorten(name, quotedCharCountMax));
}

/** The longest message of an error, in characters. */
const messageCharCountMax = 1000;

/**
 * The longest message of an error as gRPC's trailers hold it, percent-encoded, in bytes. Clients of C++ and Java take 8 KiB
 * of trailers, which hold the message twice.
 */
const encodedMessageBytesMax = 3 * 1024;

/** One character takes at most 3 bytes of UTF-8, each of which takes 3 when percent-encoded. */
const encodedCharBytesMax = 9;

/** The message of an error, cut to what every client takes. */
export function shortenMessage(message: string): string {
  const shortened = shorten(message, messageCharCountMax);
  if (encodeURIComponent(shortened).length <= encodedMessageBytesMax) return shortened;
  return shorten(shortened, Math.floor(encodedMessageBytesMax / encodedCharBytesMax));
}
