/** A kibibyte in bytes. */
export const kibi = 1024;

/** A mebibyte in bytes. */
export const mebi = 1024 * kibi;
