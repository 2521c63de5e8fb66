/**
 * The error for a file that uses a part of Parquet that this package does not support, such as encryption. The message
 * names the part and the column.
 */
export class UnsupportedError extends Error {}
