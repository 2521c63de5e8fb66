/** Bounds on what a peer may ask for, in one place; each with its reason. Counts are inclusive. */

const kibi = 1024;
const mebi = 1024 * kibi;

/**
 * The largest message of FlightData that is read, in bytes. gRPC's customary 4 MiB is too small for Flight: pyarrow sends a
 * table of one chunk as one message. Larger ones end the call with RESOURCE_EXHAUSTED.
 */
export const messageBytesMax = 512 * mebi;

/**
 * The largest request message that carries no Arrow data (a descriptor, an action, a question), in bytes, after it was
 * expanded. The largest that the protocol needs is a Send of `duplexSendBytesMax` in JSON, whose base64 takes 1.17 MiB.
 */
export const controlMessageBytesMax = 1280 * kibi;

/** The largest message to health and reflection, in bytes: a name. What reflection is asked, it repeats in its answer. */
export const questionBytesMax = 16 * kibi;

/** The largest message of FlightData in JSON, in bytes: for tries by hand. Who sends data sends it in binary. */
export const jsonFlightDataBytesMax = 8 * mebi;

/**
 * The largest message of FlightData that came compressed by gRPC, before and after it was expanded, in bytes. It is held as
 * a whole, unlike one that came as it is. Arrow's own compression of bodies has no such limit.
 */
export const compressedFlightDataBytesMax = 16 * mebi;

/** How many times its size a compressed message may expand to. Text of names takes 20, a column of zeros 1,000. */
export const expansionRatioMax = 100;

/** What any compressed message may expand to whatever its size, in bytes: so little that the ratio does not matter. */
export const freeExpansionBytes = 256 * kibi;

/** Fields, list items and JSON values of a message without Arrow data, unknown ones included: 10,000 columns, and room. */
export const messageElementsMax = 16_384;

/** How deep a message without Arrow data may be nested; those there are take four levels. */
export const messageDepthMax = 64;

/**
 * What all headers of a request take together, in bytes: names, values, and 32 for each field, as RFC 9113 counts them
 * (section 6.5.2). nghttp2 sends no more in an answer either.
 */
export const requestHeaderBytesMax = 64 * kibi;

/**
 * Headers up to this size are read, in bytes, so that the request can be refused by words. Past it Node resets the stream
 * (ENHANCE_YOUR_CALM, which gRPC calls RESOURCE_EXHAUSTED). It is less than the nine frames, 144 KiB, past which nghttp2
 * ends the connection.
 */
export const receivedHeaderBytesMax = 2 * requestHeaderBytesMax;

/** What all trailers of an answer take together, in bytes: past 64 KiB, nghttp2 resets the stream in their place. */
export const trailerBytesMax = 32 * kibi;

/** The application metadata of one FlightData message, in bytes: gRPC's customary limit for a whole message. */
export const appMetadataBytesMax = 4 * mebi;

/** The message up to which it needs no claim in a budget, in bytes: a window of its stream may hold as much unread. */
export const unclaimedMessageBytesMax = 64 * kibi;

/** The largest flatbuffer header (data_header) of a frame, in bytes. A schema of 10,000 columns takes about 2 MiB. */
export const headerBytesMax = 16 * mebi;

/** Fields of one FlightData message, its body left out: it has four, and others may be added. Each costs time to read. */
export const messageFieldsMax = 1024;

/** The body that a record batch is cut to, in bytes: a Go client refuses messages over 4 MiB unless told otherwise. */
export const batchBodyBytesTarget = 2 * mebi;

/** How deep the fields of a schema may be nested. parquet-wasm's stack in a worker ends at a few hundred. */
export const fieldDepthMax = 64;

/** How many fields a schema may have, nested ones counted. A flatbuffer of some kilobytes can declare billions. */
export const fieldCountMax = 65_536;

/**
 * How many times the bytes of its message a schema may expand to: writers share nothing between fields, so that theirs
 * expand to less than once.
 */
export const schemaExpansionMax = 2;

/** What any schema may expand to whatever its size, in bytes. */
export const schemaFreeBytes = 4 * kibi;

/** How many buffers a record batch may declare: three for each of so many fields, and data buffers of views. */
export const bufferCountMax = 262_144;

/** Calls under way on one HTTP/2 connection. Browsers and gRPC clients open another when they need more. */
export const streamsPerConnectionMax = 128;

/**
 * Calls that one HTTP/2 connection may have at work, those counted that the client has reset while they run. Further
 * streams are refused unseen (REFUSED_STREAM), which clients may send again. A call ends soon after its reset, so only a
 * client that resets without pause meets this.
 */
export const callsPerConnectionMax = 4 * streamsPerConnectionMax;

/**
 * Streams that a client may reset on one HTTP/2 connection each second; past it, and `resetBurstMax`, the connection ends.
 * The limit is near what a server answers in a second, so a client that waits for a first message before it leaves hardly
 * reaches it. A client that resets at once can. Node's own 33 a second end dashboards whose previews are left early.
 */
export const resetsPerSecondMax = 1_000;

/** Streams that a client may reset on one HTTP/2 connection at once: ten seconds of the above. */
export const resetBurstMax = 10_000;

/**
 * Requests of one HTTP/1.1 connection at work at once. A client that waits for each answer has one; the others wait in the
 * order that they came in.
 */
export const pipelinedRequestsMax = 16;

/** Connections at once; each may cost a window (below) and a few kilobytes. */
export const connectionsMax = 4096;

/** What a client may send on one stream before it is read, in bytes. Throughput needs it larger than the default 64 KiB. */
export const streamWindowBytes = 4 * mebi;

/** What a client may send on one connection before it is read, in bytes, over all of its streams. */
export const connectionWindowBytes = 16 * mebi;

/** How long a connection may take to say which protocol it speaks, and a request to send its header, in milliseconds. */
export const headerTimeoutMs = 20_000;

/** How long an idle HTTP/1.1 connection is kept, in milliseconds: longer than load balancers keep theirs (60 s). */
export const keepAliveTimeoutMs = 65_000;

/** How often connections are looked at for silence, in milliseconds. */
export const silenceCheckMs = 10_000;

/** How long a connection may be silent before its peer must answer a ping or the kernel's keepalive, in milliseconds. */
export const pingAfterMs = 45_000;

/**
 * How long a connection may be silent, the ping to it included, in milliseconds; then its peer is held to be gone. Programs
 * that live answer within their client library, whatever they are busy with; a sleeping laptop has a minute to wake.
 */
export const silenceTimeoutMs = 110_000;

/**
 * How long an HTTP/1.1 answer may wait for room in its socket, in milliseconds. HTTP/1.1 has no pings: a reader that pauses
 * is told from one behind a proxy that is gone by its patience alone.
 */
export const pausedResponseTimeoutMs = 900_000;

/** What is read of an HTTP/1.1 request that has been answered before it ended, in bytes; more closes the connection. */
export const discardBytesMax = 16 * mebi;

/** How long an HTTP/1.1 request that has been answered may take to end, in milliseconds; then its connection is closed. */
export const discardTimeoutMs = 2_000;

/** How long calls may go on after the server was told to stop, in milliseconds, before they are ended. */
export const drainTimeoutMs = 30_000;

/** How often those who watch a server's health have it look at what it hangs on, in milliseconds. */
export const healthWatchIntervalMs = 5_000;

/** The longest segment of a dataset's name, in bytes: what the usual file systems take. */
export const nameSegmentBytesMax = 255;

/** The longest name of a dataset, in bytes: an object's key in S3, so that a name means the same in a bucket. */
export const nameBytesMax = 1024;

/** The longest command of a descriptor, in bytes: the names of 10,000 columns. It is parsed on the main thread. */
export const commandBytesMax = 256 * kibi;

/** The longest ticket of a part of a dataset, in bytes: what a command becomes, with room for what is added. */
export const ticketBytesMax = 2 * commandBytesMax;

/** How many conditions a filter may have: each is looked at for each row that those before it have left. */
export const filterConditionCountMax = 64;

/** The JSON of previewed rows that one answer has at most, in bytes; it is held in memory as a whole. */
export const previewBytesMax = 4 * mebi;

/** How many endpoints a flight may be asked for: far more than a client's cores, and each repeats the command in its ticket. */
export const endpointCountMax = 64;

/** The longest pattern for names, in characters; the time a pattern takes grows with it. */
export const globCharCountMax = 256;

/**
 * What is kept of the acknowledgements of one put that its client has not read yet, in bytes. A client that
 * never reads them is not held up; past this its put ends with RESOURCE_EXHAUSTED. 16 bytes for each of
 * 100,000 batches take a quarter of it.
 */
export const acknowledgementBytesMax = 64 * mebi;

/**
 * What a store keeps of footers that it has read, in bytes. A footer's facts take some kilobytes for a usual
 * table, so tens of thousands of datasets are listed without being opened again.
 */
export const factsCacheBytesMax = 64 * mebi;

/**
 * How long a store leaves a file alone whose footer took longer to read than a job may, or more memory, in milliseconds. Tried
 * again by each listing it would cost a worker a minute each time; never again, a busy hour would hide it for ever.
 */
export const slowFileRetryMs = 600_000;

/** How many datasets a listing looks at ahead of its reader; each that is not known yet has its file open meanwhile. */
export const listingConcurrencyMax = 16;

/** What is read of a file at a time to be sent as it lies, in bytes: few calls, and a client that pauses holds one. */
export const fileChunkBytes = mebi;

/** How much of a dataset is read before its file is looked at again for changes in place, in bytes; it always is at the end. */
export const changeCheckBytes = 64 * mebi;

/** Bytes that one Send of a duplex stream brings: below the 1 MB that nginx takes as a body unless told otherwise. */
export const duplexSendBytesMax = 896 * kibi;

/** Sends of one duplex stream that may be under way at once: enough to hide the way there and back. */
export const duplexWindow = 4;

/** Bytes of a duplex stream's request that wait for its handler; past it, Sends are not answered until there is room. */
export const duplexQueueBytesMax = 4 * mebi;

/** How long a Send may wait for room, in milliseconds: well below the time after which proxies give a response up. */
export const duplexCreditTimeoutMs = 15_000;

/** How long a client waits for the answer to a Send before it sends the piece again, in milliseconds: twice what the server holds it. */
export const duplexSendTimeoutMs = 2 * duplexCreditTimeoutMs;

/** How often a duplex stream that has nothing to say says so, in milliseconds: nginx ends a response after 60 s of silence. */
export const duplexHeartbeatMs = 15_000;

/** How long a duplex stream may go without a Send and without a byte of response before it is ended, in milliseconds. */
export const duplexIdleTimeoutMs = 300_000;

/** Duplex streams that one caller may have open: a caller is an identity, or an address where nobody signs in. */
export const duplexStreamsPerCallerMax = 64;

/** How long the exchange of a password for a token may take, in milliseconds: it is one small call, of which others wait. */
export const handshakeTimeoutMs = 30_000;

/**
 * What a client keeps of a call's requests, so that it can send them again where the server refuses its credentials, in
 * bytes: more than goes out, in batches of 2 MiB, before the refusal is back.
 */
export const replayedBytesMax = 8 * mebi;
