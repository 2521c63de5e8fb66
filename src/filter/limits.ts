/** Limits of filters, each with its reason. Counts are inclusive. */

/** The maximum number of conditions in a filter. Each may be evaluated for each row. */
export const filterConditionCountMax = 256;

/** How deep a filter may be nested, in parentheses, NOT and lists. Evaluation calls one function for each level. */
export const filterDepthMax = 64;

/**
 * The longest pattern of LIKE, CONTAINS and the like, in bytes of UTF-8. In the worst case, the time for a value is its
 * length times this.
 */
export const filterPatternBytesMax = 1000;
