/** The path of keys from the top of a document to a value. A number is the index of a table in an array. */
export type KeyPath = readonly (string | number)[];

/** A mistake in a configuration whose line is not known yet. The message contains no value, which may be a secret. */
export class MisplacedValue extends Error {
  readonly path: KeyPath;

  /** @param words - the problem, such as `must be text` */
  constructor(path: KeyPath, words: string) {
    super(words);
    this.path = path;
  }
}

/** Formats a key for a message. The line distinguishes the tables of an array. */
export function formatPath(path: KeyPath): string {
  return path.filter((key) => typeof key === "string").join(".");
}
