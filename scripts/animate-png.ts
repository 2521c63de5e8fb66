import { crc32 } from "node:zlib";

/** What every PNG begins with. */
const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/**
 * Joins pictures of one size into an animated PNG that starts again at its end; pure. A reader that knows no animation
 * shows the first picture. Source: PNG, third edition, section 4.9.
 *
 * @param delayMs - how long each picture is shown
 * @throws Error if the pictures differ in their size, or in the kind of their pixels
 */
export function animatePng(pictures: readonly Buffer[], delayMs: number): Buffer {
  const [first, ...others] = pictures.map(readChunks);
  const header = first?.find(({ type }) => type === "IHDR")?.data;
  if (first === undefined || header === undefined) throw new Error("there is no picture");
  const chunks: Chunk[] = [
    { type: "IHDR", data: header },
    { type: "acTL", data: Buffer.concat([uint32(pictures.length), uint32(0)]) },
  ];
  let sequence = 0;
  const addControl = (): void =>
    void chunks.push({ type: "fcTL", data: Buffer.concat([uint32(sequence++), frameControl(header, delayMs)]) });
  addControl();
  chunks.push(...first.filter(({ type }) => type === "IDAT"));
  for (const other of others) {
    const isAlike = other.every(({ type, data }) => type !== "IHDR" || data.equals(header));
    if (!isAlike) throw new Error("the pictures differ in their size or their pixels");
    addControl();
    for (const { type, data } of other) {
      if (type === "IDAT") chunks.push({ type: "fdAT", data: Buffer.concat([uint32(sequence++), data]) });
    }
  }
  chunks.push({ type: "IEND", data: Buffer.alloc(0) });
  return Buffer.concat([signature, ...chunks.map(writeChunk)]);
}

/** The fields of a frame after its sequence number: the whole picture, which takes the place of the one before. */
function frameControl(header: Buffer, delayMs: number): Buffer {
  const delay = Buffer.alloc(4);
  delay.writeUInt16BE(delayMs, 0);
  delay.writeUInt16BE(1000, 2);
  const [offsets, disposal] = [Buffer.alloc(8), Buffer.alloc(2)];
  return Buffer.concat([header.subarray(0, 8), offsets, delay, disposal]);
}

/** Each chunk has its length, its type, its data, and a checksum. */
function readChunks(png: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = signature.byteLength; start < png.byteLength;) {
    const dataStart = start + 8;
    const dataEnd = dataStart + png.readUInt32BE(start);
    chunks.push({ type: png.toString("latin1", start + 4, dataStart), data: png.subarray(dataStart, dataEnd) });
    start = dataEnd + 4;
  }
  return chunks;
}

function writeChunk({ type, data }: Chunk): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([uint32(data.byteLength), typed, uint32(crc32(typed))]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
