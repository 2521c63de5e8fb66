const mebi = 1024 * 1024;

/**
 * The size of a row group that is written, in Arrow bytes. Several row groups of this size fit into a worker, and the first
 * batch of a reader comes soon. The footer takes about a ten-thousandth of the file.
 */
export const rowGroupBytesTarget = 16 * mebi;

/** The maximum number of rows in a row group that is written: 1 Mi, as in pyarrow. It limits groups of narrow columns. */
export const rowGroupRowsMax = mebi;
