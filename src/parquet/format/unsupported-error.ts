/** A file uses what Parquet allows and this package does not read, such as encryption; the message says what, and of which column. */
export class UnsupportedError extends Error {}
