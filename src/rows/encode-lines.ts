import type { ElementReader } from "../arrow/index.ts";

/** The number of characters to collect before a chunk is written: few writes, and a quick stop. */
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
