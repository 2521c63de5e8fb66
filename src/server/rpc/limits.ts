import { kibi, mebi } from "../../flight/index.ts";

/** Limits of messages on the server, each with its reason. Counts are inclusive. */

/** The largest message to health and reflection, in bytes: a name. Reflection repeats it in its response. */
export const questionBytesMax = 16 * kibi;

/** The largest message of FlightData in JSON, in bytes. JSON is for manual tests; programs send binary data. */
export const jsonFlightDataBytesMax = 8 * mebi;

/**
 * The largest FlightData message that is compressed by gRPC, before and after decompression, in bytes. Such a message
 * is held in memory as a whole. Arrow's own compression of bodies has no such limit.
 */
export const compressedFlightDataBytesMax = 16 * mebi;

/**
 * The maximum ratio of a decompressed message to its compressed size. Names as text reach 20, a column of zeros 1,000.
 */
export const expansionRatioMax = 100;

/** The size to which every compressed message may expand, in bytes: small enough that the ratio does not matter. */
export const freeExpansionBytes = 256 * kibi;

/** The maximum size of all trailers of a response in bytes. Above 64 KiB, nghttp2 resets the stream instead. */
export const trailerBytesMax = 32 * kibi;
