/** A buffer of a slice, of known length, which is written when the slice is. */
export interface PlannedBuffer {
  readonly byteLength: number;
  write(target: Uint8Array): void;
}
