// An old Node has no zstd. A named import of it would fail before the check of the version.
import zlib, { constants, createGzip } from "node:zlib";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { acceptedQuality, type FileFormat } from "./formats.ts";

/**
 * The codings, the preferred first. Fast levels, because a slow coder would slow the download on a fast network. Each
 * takes less than 2 MB for an answer.
 */
const coders = {
  zstd: () => zlib.createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  gzip: () => createGzip({ level: 1 }),
};

type Coding = keyof typeof coders;

/**
 * Selects the content coding of an answer. A Parquet file is never compressed again: its pages are compressed, and
 * clients read it by ranges.
 *
 * @param acceptEncoding - the Accept-Encoding header; null for none
 * @returns undefined if the answer is sent as it is
 */
export function pickCoding(acceptEncoding: string | null, format: FileFormat): Coding | undefined {
  if (acceptEncoding === null || format === "parquet") return undefined;
  const ranked = (Object.keys(coders) as Coding[]).map((coding) => {
    return { coding, quality: acceptedQuality(acceptEncoding, [coding]) };
  });
  const best = Math.max(...ranked.map(({ quality }) => quality));
  return best === 0 ? undefined : ranked.find(({ quality }) => quality === best)?.coding;
}

/**
 * Compresses the body of an answer while it is sent. The answer's headers get the coding, also if there is no body.
 * Errors of the body break the answer off.
 */
export function compressAnswer(response: UniversalServerResponse, coding: Coding): UniversalServerResponse {
  const header = new Headers(response.header);
  header.set("content-encoding", coding);
  header.delete("content-length");
  const { body } = response;
  return { ...response, header, ...(body && { body: compress(body, coding) }) };
}

/** Feeds one chunk after another: the memory of a chunk is free once the next one is requested. */
async function* compress(body: AsyncIterable<Uint8Array>, coding: Coding): AsyncGenerator<Uint8Array> {
  const coder = coders[coding]();
  let settle = (): void => {};
  // A coder that is destroyed does not settle its last write.
  coder.once("close", () => settle());
  const feed = async (): Promise<void> => {
    for await (const chunk of body) {
      if (coder.destroyed) return;
      await new Promise<void>((resolve) => {
        settle = resolve;
        coder.write(chunk, () => resolve());
      });
    }
    coder.end();
  };
  const fed = feed().catch((reason: unknown) => void coder.destroy(reason as Error));
  try {
    yield* coder as AsyncIterable<Uint8Array>;
  } finally {
    coder.destroy();
    settle();
    await fed;
  }
}
