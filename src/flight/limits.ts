/** Bounds on what a peer may ask for, in one place; each with its reason. Counts are inclusive. */

const kibi = 1024;
const mebi = 1024 * kibi;

/**
 * The largest message that is read, in bytes. gRPC's customary 4 MiB is too small for Flight: pyarrow sends a
 * table of one chunk as one message. Larger ones end the call with RESOURCE_EXHAUSTED.
 */
export const messageBytesMax = 512 * mebi;

/**
 * The largest message of a call that carries no Arrow data (descriptors, actions, JSON requests), in bytes:
 * gRPC's customary limit.
 */
export const controlMessageBytesMax = 4 * mebi;

/** The largest flatbuffer header (data_header) of a frame, in bytes. A schema of 10,000 columns takes about 2 MiB. */
export const headerBytesMax = 16 * mebi;

/** The body that a record batch is cut to, in bytes: a Go client refuses messages over 4 MiB unless told otherwise. */
export const batchBodyBytesTarget = 2 * mebi;

/** How deep the fields of a schema may be nested. parquet-wasm's stack in a worker ends at a few hundred. */
export const fieldDepthMax = 64;

/** How many fields a schema may have, nested ones counted. A flatbuffer of some kilobytes can declare billions. */
export const fieldCountMax = 65_536;

/** How many buffers and nodes a record batch may declare for each field of its schema; a view column may have many. */
export const bufferCountMax = 1_048_576;
