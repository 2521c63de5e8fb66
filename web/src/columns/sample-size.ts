/** Rows that are read of a dataset unless all are asked for. */
export const sampleRowsMax = 100_000;
