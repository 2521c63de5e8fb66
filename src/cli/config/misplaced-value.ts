/** The keys from the top of a document to a value; numbers count the tables of an array. */
export type KeyPath = readonly (string | number)[];

/** A mistake in a configuration, whose line is not known yet. Its words have no value in them, which may be a secret. */
export class MisplacedValue extends Error {
  readonly path: KeyPath;

  /** @param words - what is wrong, as in `must be text` */
  constructor(path: KeyPath, words: string) {
    super(words);
    this.path = path;
  }
}

/** A key as a person writes it: the tables of an array are told from each other by the line. */
export function formatPath(path: KeyPath): string {
  return path.filter((key) => typeof key === "string").join(".");
}
