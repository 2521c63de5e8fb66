const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Returns UTF-8 in lower case, for comparisons that ignore it. Each character is folded alone, and only to one
 * character, as in DuckDB. The result may be the given array.
 */
export function foldCase(text: Uint8Array): Uint8Array {
  let isFolded = true;
  for (let i = 0; i < text.byteLength; i++) {
    const byte = text[i]!;
    if (byte > 0x7f) return foldCharacters(text);
    if (byte >= 0x41 && byte <= 0x5a) isFolded = false;
  }
  return isFolded ? text : text.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}

function foldCharacters(text: Uint8Array): Uint8Array {
  let folded = "";
  for (const character of decoder.decode(text)) {
    const lower = character.toLowerCase();
    folded += lower.length > character.length ? character : lower;
  }
  return encoder.encode(folded);
}
