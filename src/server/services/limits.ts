import { mebi } from "../../flight/index.ts";

/** Limits of the services, each with its reason. Counts are inclusive. */

/** The interval at which a watched health status is checked, in milliseconds. */
export const healthWatchIntervalMs = 5_000;

/** The maximum size of the JSON in a preview, in bytes. It is held in memory as a whole. */
export const previewBytesMax = 4 * mebi;
