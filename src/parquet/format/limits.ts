import { fieldCountMax } from "../../arrow/index.ts";
import { kibi, mebi } from "../../flight/index.ts";

/** Bounds of reading footers and pages; each with its reason. Counts are inclusive. */

/** The largest footer that is read, in bytes: 1,000 columns in 1,000 row groups take some 100 MB. */
export const footerBytesMax = 256 * mebi;

/** Nodes of a footer's schema: four for each field of an Arrow schema, as a list of lists has. A node takes 3 bytes, and 200 in memory. */
export const footerNodesMax = 4 * fieldCountMax;

/**
 * The maximum number of row groups in a footer. Without columns, a row group needs only a few bytes. No writer creates
 * row groups this small.
 */
export const footerRowGroupsMax = 262_144;

/** Entries of a footer's key-value metadata, as many as a schema may have. */
export const footerEntriesMax = fieldCountMax;

/**
 * The maximum size of the paths of all columns in a footer, in bytes: 65,536 columns in groups whose names have a
 * kilobyte together.
 */
export const footerPathBytesMax = 64 * mebi;

/**
 * Values of a footer, or of another Thrift structure, that are decoded: a value takes about 100 bytes, and a struct as much
 * as four. A footer of 65,536 columns has 4 million; 1,000 columns have them in 100 row groups.
 */
export const thriftValuesMax = 8 * mebi;

/**
 * The maximum number of pages of a row group to make a page index. A usual page has a megabyte, and reading a header
 * takes some microseconds.
 */
export const indexedPagesMax = 65_536;

/** The largest page index of a column chunk that is looked at, in bytes: as many pages take at most some 30 bytes each. */
export const indexBytesMax = 2 * mebi;

/**
 * The largest column chunk of lists whose levels are counted to compare its page index with them, in bytes: it takes some
 * 100 ms, once. The index of a larger one is believed as far as headers of pages agree with it.
 */
export const countedLevelsBytesMax = 32 * mebi;

/** Bytes to read to find a page header, and the upper limit for a longer header. It has the statistics of its page. */
export const pageHeaderBytesRead = 2048;
export const pageHeaderBytesMax = mebi;

/** The largest footer whose presentation is remembered for others of its schema, in bytes: a few hundred columns. */
export const rememberedFooterBytesMax = 64 * kibi;

/** The maximum number of row groups in a footer that is compared with known ones. */
export const knownRowGroupsMax = 64;
