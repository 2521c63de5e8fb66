const mebi = 1024 * 1024;

/**
 * The target size of a written row group in Arrow bytes. Several row groups of this size fit into a worker, and the
 * first batch of a reader arrives soon. The footer takes about 0.01% of the file.
 */
export const rowGroupBytesTarget = 16 * mebi;

/** The maximum number of rows in a written row group: 1 Mi, as in pyarrow. It limits groups of narrow columns. */
export const rowGroupRowsMax = mebi;
