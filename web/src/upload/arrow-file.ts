import { Footer } from "apache-arrow/ipc/metadata/file";
import { Table, tableToIPC } from "apache-arrow";
import { FlightError, messageKind } from "hangar/flight";

/** Before the stream that a file holds: the magic word, padded. */
const headByteLength = 8;
/** Behind it: the footer, its length, and the magic word. */
const tailByteLength = 10;
/** Before a message: the mark of continuation, and the length of its header. */
const prefixByteLength = 8;

/**
 * The Arrow IPC stream inside of an Arrow file. It is the file without its first and last bytes; but some writers, the
 * one of JavaScript among them, leave the schema to the footer, from where it is taken then.
 *
 * @throws FlightError INVALID_ARGUMENT where the file has been cut
 */
export async function readArrowFile(file: Blob): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
  const footer = await readFooter(file);
  return readStream(file, (await beginsWithSchema(file)) ? undefined : schemaOf(footer));
}

async function* readStream(file: Blob, schema: Uint8Array | undefined): AsyncGenerator<Uint8Array, void, undefined> {
  if (schema) yield schema;
  const reader = file.slice(headByteLength).stream().getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel();
  }
}

async function beginsWithSchema(file: Blob): Promise<boolean> {
  const headerStart = headByteLength + prefixByteLength;
  const prefix = new DataView(await file.slice(headByteLength, headerStart).arrayBuffer());
  if (prefix.byteLength < prefixByteLength) throw cut();
  const header = await bytesOf(file, headerStart, headerStart + prefix.getInt32(4, true));
  // A file without batches may hold no message at all.
  return header.byteLength > 0 && messageKind(header) === "schema";
}

/** A file that has been cut has no footer, however sound what is before it may be. */
async function readFooter(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  const footerEnd = file.size - tailByteLength;
  if (footerEnd < headByteLength) throw cut();
  const tail = await bytesOf(file, footerEnd, file.size);
  const footerLength = new DataView(tail.buffer).getInt32(0, true);
  const isWhole = String.fromCharCode(...tail.subarray(4)) === "ARROW1" && footerLength > 0 && footerLength < footerEnd;
  if (!isWhole) throw cut();
  return await bytesOf(file, footerEnd - footerLength, footerEnd);
}

function schemaOf(footer: Uint8Array<ArrayBuffer>): Uint8Array {
  const { schema } = Footer.decode(footer);
  const stream = tableToIPC(new Table(schema), "stream");
  // The schema alone: what says that a stream has ended, and the batch without rows before it, are left off.
  const header = new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
  return stream.subarray(0, prefixByteLength + header);
}

async function bytesOf(file: Blob, start: number, end: number): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await file.slice(start, end).arrayBuffer());
}

function cut(): FlightError {
  return new FlightError("invalid_argument", "the Arrow file has been cut");
}
