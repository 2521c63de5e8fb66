import { kibi, mebi } from "./byte-units.ts";

/**
 * Limits of messages and connections that several folders need, each with its reason. Counts are inclusive. Limits that
 * one folder needs are in the `limits.ts` of that folder.
 */

/**
 * The largest message of FlightData that is read, in bytes. gRPC's customary 4 MiB is too small for Flight: pyarrow sends a
 * table of one chunk as one message. Larger ones end the call with RESOURCE_EXHAUSTED.
 */
export const messageBytesMax = 512 * mebi;

/**
 * The largest request message that carries no Arrow data (a descriptor, an action, a question), in bytes, after it was
 * expanded. The largest that the protocol needs is a ticket of `ticketBytesMax` in JSON, whose base64 takes 0.7 MiB.
 */
export const controlMessageBytesMax = 1280 * kibi;

/**
 * The body that a compressed record batch may expand to, in bytes, and one whose dictionaries are given up: half of
 * what an uncompressed message may have, as these may cost their sender next to nothing.
 */
export const expandedBodyBytesMax = 256 * mebi;

/** Fields, list items and JSON values of a message without Arrow data, unknown ones included: 10,000 columns, and room. */
export const messageElementsMax = 16_384;

/** The maximum nesting of a message without Arrow data. The existing messages need four levels. */
export const messageDepthMax = 64;

/**
 * What all headers of a request take together, in bytes: names, values, and 32 for each field, as RFC 9113 counts them
 * (section 6.5.2). nghttp2 sends no more in an answer either.
 */
export const requestHeaderBytesMax = 64 * kibi;

/** The application metadata of one FlightData message, in bytes: gRPC's customary limit for a whole message. */
export const appMetadataBytesMax = 4 * mebi;

/**
 * The largest message that needs no claim in a budget, in bytes. The window of its stream may hold as many unread
 * bytes.
 */
export const unclaimedMessageBytesMax = 64 * kibi;

/** The largest flatbuffer header (data_header) of a frame, in bytes. A schema of 10,000 columns takes about 2 MiB. */
export const headerBytesMax = 16 * mebi;

/**
 * The maximum number of fields of a FlightData message besides its body. It has four, and new ones may be added. Each
 * field takes time to read.
 */
export const messageFieldsMax = 1024;

/** The target size of the body of a record batch, in bytes. By default, a Go client refuses messages over 4 MiB. */
export const batchBodyBytesTarget = 2 * mebi;

/**
 * The number of bytes that a client may send on one stream before they are read. Fast transfers need more than the
 * default of 64 KiB.
 */
export const streamWindowBytes = 4 * mebi;

/** The number of bytes that a client may send on all streams of one connection before they are read. */
export const connectionWindowBytes = 16 * mebi;

/**
 * The largest HTTP/2 frame that is received, in bytes. Each frame costs the receiver an event, so large transfers need
 * more than the default of 16 KiB. Other streams of a connection wait while one frame is sent.
 */
export const frameBytesMax = 256 * kibi;

/** The longest command of a descriptor, in bytes: the names of 10,000 columns. It is parsed on the main thread. */
export const commandBytesMax = 256 * kibi;

/**
 * The bodies of requests that a server copies together as they arrive, in bytes. Views of the chunks would live until their
 * row group is full. By then they are old, and only a collection of the whole heap frees them, which takes 20 ms for 64 MB.
 * A smaller body keeps two chunks at most. A larger one needs fresh memory, because glibc reuses no more than 32 MiB.
 */
export const gatheredBodyBytesMin = 64 * kibi;
export const gatheredBodyBytesMax = 32 * mebi;
