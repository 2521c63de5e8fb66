import type { ElementReader } from "../arrow/index.ts";

/** How much text is collected before it goes on, in characters: enough for few writes, little enough to stop soon. */
const chunkCharCountTarget = 64 * 1024;

const encoder = new TextEncoder();

/** Lines as chunks of UTF-8 of about 64 KiB; each line has its end already. */
export function* encodeLines(lineOf: ElementReader<string>, lineCount: number): Generator<Uint8Array<ArrayBuffer>> {
  let text = "";
  for (let index = 0; index < lineCount; index++) {
    text += lineOf(index);
    if (text.length < chunkCharCountTarget) continue;
    yield encoder.encode(text);
    text = "";
  }
  if (text !== "") yield encoder.encode(text);
}
