import { Encoding } from "flatbuffers";
import { limitError } from "../flight/index.ts";
import { schemaExpansionMax, schemaFreeBytes } from "./limits.ts";

/** The minimum size of a field without its text, in bytes: its tables, vectors and offsets. */
export const fieldCostBytes = 32;

/** The minimum size of a metadata entry without its text, in bytes. */
export const metadataEntryCostBytes = 16;

const textDecoder = new TextDecoder();

/**
 * The budget for a decoded schema. Objects of a flatbuffer may share parts by offset, so a few bytes can represent any
 * number of fields and any amount of text. Each object is counted before each read.
 */
export class SchemaBudget {
  readonly #bytesMax: number;
  #spentBytes = 0;

  /** @param byteLength - of the flatbuffer that has the schema */
  constructor(byteLength: number) {
    this.#bytesMax = schemaFreeBytes + schemaExpansionMax * byteLength;
  }

  /**
   * Counts bytes before they are read.
   *
   * @throws FlightError RESOURCE_EXHAUSTED if the schema expands to more than the limit
   */
  spend(byteLength: number): void {
    this.#spentBytes += byteLength;
    if (this.#spentBytes <= this.#bytesMax) return;
    const words = `the schema expands to more than ${this.#bytesMax} bytes, ${schemaExpansionMax} times its message`;
    throw limitError("schema-expansion", `${words}: its fields share names, metadata or children`);
  }

  /**
   * Reads a text; empty if there is none.
   *
   * @param read - a getter of a flatbuffer table
   * @throws FlightError as `spend`
   */
  text(read: (encoding: Encoding.UTF8_BYTES) => string | Uint8Array | null): string {
    const bytes = read(Encoding.UTF8_BYTES);
    if (!(bytes instanceof Uint8Array)) return bytes ?? "";
    this.spend(bytes.byteLength);
    return textDecoder.decode(bytes);
  }
}
