import { open, type FileHandle } from "node:fs/promises";
import { createFrame, FlightError, headerBytesMax } from "../flight/index.ts";
import {
  decodeIpcFooter,
  encodeSchema,
  ipcFileTailByteLength,
  ipcStreamEnd,
  toIpcMessagePieces,
  type IpcFileFooter,
} from "../arrow/index.ts";

/** The number of bytes to read at a time. */
const readBytesMax = 1024 * 1024;

/**
 * Reads an Arrow file as an IPC stream, using its footer: the schema, the dictionaries, the batches.
 *
 * @throws FlightError INVALID_ARGUMENT if the file is truncated or damaged; errors of the file system
 */
export async function* readIpcFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await open(path);
  try {
    const { schema, dictionaries, batches } = await readFooter(file);
    yield* toIpcMessagePieces(createFrame({ header: encodeSchema(schema) }));
    for (const { byteOffset, headerByteLength, bodyByteLength } of [...dictionaries, ...batches]) {
      const end = byteOffset + headerByteLength + bodyByteLength;
      for (let at = byteOffset; at < end; at += readBytesMax) {
        yield await readExactly(file, at, Math.min(readBytesMax, end - at));
      }
    }
    yield ipcStreamEnd;
  } finally {
    await file.close();
  }
}

async function readFooter(file: FileHandle): Promise<IpcFileFooter> {
  const { size } = await file.stat();
  const tail = await readExactly(file, size - ipcFileTailByteLength, ipcFileTailByteLength);
  const byteLength = tail.readInt32LE(0);
  if (byteLength < 0 || byteLength > headerBytesMax) throw damaged();
  return decodeIpcFooter(await readExactly(file, size - ipcFileTailByteLength - byteLength, byteLength));
}

async function readExactly(file: FileHandle, byteOffset: number, byteLength: number): Promise<Buffer<ArrayBuffer>> {
  if (byteOffset < 0 || byteLength < 0) throw damaged();
  const bytes = Buffer.alloc(byteLength);
  let filled = 0;
  while (filled < byteLength) {
    const { bytesRead } = await file.read(bytes, filled, byteLength - filled, byteOffset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  if (filled < byteLength) throw damaged();
  return bytes;
}

function damaged(): FlightError {
  return new FlightError("invalid_argument", "the Arrow file is truncated or damaged");
}
