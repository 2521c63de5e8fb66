/** A dataset, as a list has it; undefined is what the server does not know. */
export interface DatasetEntry {
  readonly name: string;
  readonly rowCount: number | undefined;
  readonly byteLength: number | undefined;
  readonly columnCount: number | undefined;
  /** In milliseconds since 1970. */
  readonly changedMs: number | undefined;
}
