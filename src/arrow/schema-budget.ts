import { Encoding } from "flatbuffers";
import { FlightError, schemaExpansionMax, schemaFreeBytes } from "../flight/index.ts";

/** What a field costs besides its text, in bytes: no writer needs fewer for its tables, vectors and their places. */
export const fieldCostBytes = 32;

/** What an entry of metadata costs besides its text, in bytes. */
export const metadataEntryCostBytes = 16;

const textDecoder = new TextDecoder();

/**
 * What one schema may expand to. Objects of a flatbuffer may share their parts by offset, so that a few bytes stand for
 * any number of fields and any length of text. Each object counts here each time that it is read, before it is made.
 */
export class SchemaBudget {
  readonly #bytesMax: number;
  #spentBytes = 0;

  /** @param byteLength - of the flatbuffer that has the schema */
  constructor(byteLength: number) {
    this.#bytesMax = schemaFreeBytes + schemaExpansionMax * byteLength;
  }

  /**
   * Counts what is about to be read.
   *
   * @throws FlightError RESOURCE_EXHAUSTED where the schema expands to more than it may
   */
  spend(byteLength: number): void {
    this.#spentBytes += byteLength;
    if (this.#spentBytes <= this.#bytesMax) return;
    const words = `the schema expands to more than ${this.#bytesMax} bytes, ${schemaExpansionMax} times its message`;
    throw new FlightError("resource_exhausted", `${words}: its fields share names, metadata or children`);
  }

  /**
   * Reads a text; empty where there is none.
   *
   * @param read - a getter of a flatbuffer's table
   * @throws FlightError as `spend`
   */
  text(read: (encoding: Encoding.UTF8_BYTES) => string | Uint8Array | null): string {
    const bytes = read(Encoding.UTF8_BYTES);
    if (!(bytes instanceof Uint8Array)) return bytes ?? "";
    this.spend(bytes.byteLength);
    return textDecoder.decode(bytes);
  }
}
