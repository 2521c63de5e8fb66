/** Limits on the requests of peers, each with its reason. Counts are inclusive. */

const kibi = 1024;
const mebi = 1024 * kibi;

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
 * The body that a compressed record batch may expand to, in bytes, and one whose dictionaries are given up: half of
 * what an uncompressed message may have, as these may cost their sender next to nothing.
 */
export const expandedBodyBytesMax = 256 * mebi;

/**
 * The maximum ratio of a decompressed message to its compressed size. Names as text reach 20, a column of zeros 1,000.
 */
export const expansionRatioMax = 100;

/** The size to which every compressed message may expand, in bytes: small enough that the ratio does not matter. */
export const freeExpansionBytes = 256 * kibi;

/** Fields, list items and JSON values of a message without Arrow data, unknown ones included: 10,000 columns, and room. */
export const messageElementsMax = 16_384;

/** The maximum nesting of a message without Arrow data. The existing messages need four levels. */
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

/** The maximum size of all trailers of a response in bytes. Above 64 KiB, nghttp2 resets the stream instead. */
export const trailerBytesMax = 32 * kibi;

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

/** The maximum nesting of fields in a schema. The stack of parquet-wasm in a worker ends at a few hundred levels. */
export const fieldDepthMax = 64;

/**
 * The maximum number of fields in a schema, including nested ones. A flatbuffer of a few kilobytes can declare
 * billions.
 */
export const fieldCountMax = 65_536;

/**
 * The maximum ratio of a decoded schema to the bytes of its message. Normal writers do not share data between fields,
 * so their ratio is below 1.
 */
export const schemaExpansionMax = 2;

/** The size to which every schema may expand, in bytes. */
export const schemaFreeBytes = 4 * kibi;

/** The maximum number of buffers in a record batch: three for each of the allowed fields, and data buffers of views. */
export const bufferCountMax = 262_144;

/**
 * The maximum number of concurrent calls on one HTTP/2 connection. Browsers and gRPC clients open another connection
 * for more.
 */
export const streamsPerConnectionMax = 128;

/**
 * The maximum number of calls that one HTTP/2 connection may have running, including calls that the client has reset.
 * Further streams are refused before processing (REFUSED_STREAM), so clients may retry them. A call ends soon after its
 * reset, so only a client that resets without pause reaches this limit.
 */
export const callsPerConnectionMax = 4 * streamsPerConnectionMax;

/**
 * The number of streams that a client may reset on one HTTP/2 connection per second. The connection ends when it
 * exceeds this rate and `resetBurstMax`. The limit is near the number of calls that a server can answer per second, so
 * a client that waits for a first message rarely reaches it. Node's default of 33 per second ends the connections of
 * dashboards that cancel previews.
 */
export const resetsPerSecondMax = 1_000;

/** The number of streams that a client may reset on one HTTP/2 connection in a burst: ten seconds at the rate above. */
export const resetBurstMax = 10_000;

/**
 * The maximum number of concurrent requests of one HTTP/1.1 connection. A client that waits for each response has one.
 * Further requests wait in their order.
 */
export const pipelinedRequestsMax = 16;

/** The maximum number of connections. Each may use a window (below) and a few kilobytes. */
export const connectionsMax = 4096;

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

/**
 * The time limit for a new connection to identify its protocol, and for a request to send its header, in milliseconds.
 */
export const headerTimeoutMs = 20_000;

/** How long an idle HTTP/1.1 connection is kept, in milliseconds: longer than load balancers keep theirs (60 s). */
export const keepAliveTimeoutMs = 65_000;

/** The interval between checks for silent connections, in milliseconds. */
export const silenceCheckMs = 10_000;

/** The silence after which the peer of a connection must answer a ping or the kernel's keepalive, in milliseconds. */
export const pingAfterMs = 45_000;

/**
 * The silence after which a connection is closed, including the ping, in milliseconds. A running program answers pings
 * in its client library, even if it is busy. A sleeping laptop has a minute to wake up.
 */
export const silenceTimeoutMs = 110_000;

/**
 * The time that an HTTP/1.1 response may wait for room in its socket, in milliseconds. HTTP/1.1 has no pings, so a
 * paused reader cannot be distinguished from a lost one behind a proxy.
 */
export const pausedResponseTimeoutMs = 900_000;

/**
 * The number of bytes that are read from an HTTP/1.1 request after its response was sent. A longer request closes the
 * connection.
 */
export const discardBytesMax = 16 * mebi;

/**
 * The time limit for the rest of an HTTP/1.1 request after its response was sent, in milliseconds. Then the connection
 * is closed.
 */
export const discardTimeoutMs = 2_000;

/**
 * The number of received bytes of request bodies after which a server collects its young garbage. A collection takes
 * less than a millisecond. Above 8 MiB, V8 begins to collect the whole heap first.
 */
export const receivedGarbageBytes = 4 * mebi;

/** The time that running calls have after the server was told to stop, in milliseconds. */
export const drainTimeoutMs = 30_000;

/** The interval at which a watched health status is checked, in milliseconds. */
export const healthWatchIntervalMs = 5_000;

/** The longest segment of a dataset name in bytes: the limit of common file systems. */
export const nameSegmentBytesMax = 255;

/** The longest dataset name in bytes: the limit of S3 keys, so that every name is also valid in a bucket. */
export const nameBytesMax = 1024;

/** The longest command of a descriptor, in bytes: the names of 10,000 columns. It is parsed on the main thread. */
export const commandBytesMax = 256 * kibi;

/** The longest ticket of a part of a dataset in bytes: an encoded command with additional fields. */
export const ticketBytesMax = 2 * commandBytesMax;

/** The maximum number of conditions in a filter. Each may be evaluated for each row. */
export const filterConditionCountMax = 256;

/** How deep a filter may be nested, in parentheses, NOT and lists. Evaluation calls one function for each level. */
export const filterDepthMax = 64;

/**
 * The longest pattern of LIKE, CONTAINS and the like, in bytes of UTF-8. In the worst case, the time for a value is its
 * length times this.
 */
export const filterPatternBytesMax = 1000;

/** The maximum size of the JSON in a preview, in bytes. It is held in memory as a whole. */
export const previewBytesMax = 4 * mebi;

/**
 * The maximum number of endpoints of a flight: far more than the cores of a client. Each repeats the command in its
 * ticket.
 */
export const endpointCountMax = 64;

/** The maximum number of endpoints of a flight that has one for each file of a folder. Clients hold all of them. */
export const fileEndpointCountMax = 10_000;

/**
 * The maximum size of the endpoints of such a flight, in bytes. Each repeats the command in its ticket. It is enough for
 * `fileEndpointCountMax` tickets of 800 bytes.
 */
export const fileEndpointsBytesMax = 8 * mebi;

/** The largest FlightInfo that a proxy reads, in bytes: `fileEndpointsBytesMax`, and as much for schema and descriptor. */
export const flightInfoBytesMax = 2 * fileEndpointsBytesMax;

/** The longest glob pattern in characters. The time to match grows with its length. */
export const globCharCountMax = 256;

/**
 * The maximum size of the unread acknowledgements of one put, in bytes. A client that never reads them does not slow
 * its put down. Above the limit, the put fails with RESOURCE_EXHAUSTED. 16 bytes for each of 100,000 batches need a
 * quarter of it.
 */
export const acknowledgementBytesMax = 64 * mebi;

/**
 * The maximum number of files that are read as one dataset. Their names and versions take about 300 bytes each, and a
 * read looks at all of them.
 */
export const folderFileCountMax = 100_000;

/** The number of files of all descriptions of folders that a store keeps: two of the largest, or many small ones. */
export const keptFolderFilesMax = 200_000;

/**
 * The number of names of replaced files that a store keeps in memory: those of ten compactions of the most files. A name
 * takes about 150 bytes.
 */
export const keptReplacedMax = 100_000;

/** The maximum number of files that a compaction joins into one. Their names and versions are in its footer. */
export const joinedFilesMax = 10_000;

/** The time that a compaction waits for reads of the joined files before it drops them, in milliseconds. */
export const compactReadsWaitMs = 60_000;

/**
 * The time after which replaced files that are still there are dropped by the next compaction, in milliseconds. Until then,
 * the compaction that joined them may still be at work, on this or another server.
 */
export const leftOverAgeMs = 2 * 60_000;

/**
 * The size of a file that a compaction sorts, in uncompressed bytes of its values. All of its rows are in memory, and the
 * main thread sorts them, a few milliseconds at a time. A row is compared with some twenty others.
 */
export const sortedFileBytesTarget = 64 * mebi;

/** The maximum number of rows of a file that a compaction sorts: each takes some hundred bytes while it is sorted. */
export const sortedRowsMax = 2 * mebi;

/** The maximum memory of the rows of a file that a compaction sorts. Values in dictionaries need more than their file says. */
export const sortedArrowBytesMax = 256 * mebi;

/** The number of folders that a compaction works on simultaneously: one waits for other servers while another is joined. */
export const compactedFoldersMax = 4;

/** The number of files that a compaction drops or looks at simultaneously. */
export const compactConcurrencyMax = 8;

/** The number of files that a read of a folder opens before their turn, so that the next rows are decoded meanwhile. */
export const filesAhead = 3;

/**
 * The size of a store's cache of decoded footers, in bytes. A typical footer needs a few kilobytes, so tens of
 * thousands of datasets are listed without opening their files again.
 */
export const factsCacheBytesMax = 64 * mebi;

/**
 * The size of a store's cache of FlightInfos and schemas as answers, in bytes. An answer without a wide schema needs a
 * few kilobytes, so it has those of the thousand datasets that clients ask for most.
 */
export const answerCacheBytesMax = 8 * mebi;

/**
 * The time that a store does not retry a file whose footer exceeded the time or memory limit of a job, in milliseconds.
 * A retry by each listing would cost a worker a minute each time. Without any retry, a busy hour would hide the file
 * forever.
 */
export const slowFileRetryMs = 600_000;

/** How often a read starts again because its dataset is replaced before its first batch. Each time, another put ended. */
export const restartCountMax = 8;

/** The number of datasets that a listing reads ahead. Each dataset that is not cached has an open file meanwhile. */
export const listingConcurrencyMax = 16;

/**
 * The number of bytes of a file that are read at a time to be sent: few calls, and little memory for a paused client.
 */
export const fileChunkBytes = mebi;

/**
 * The number of bytes of a dataset that are read between checks for changes of its file. The end of a read is always
 * checked.
 */
export const changeCheckBytes = 64 * mebi;

/**
 * The maximum number of bytes in one Send of a duplex stream. In larger Sends, the cost of a request no longer matters,
 * and a lost one repeats more bytes.
 */
export const duplexSendBytesMax = 8 * mebi;

/** The number of bytes in the first Sends to a server: below 1 MB, nginx's default limit for a body. */
export const duplexFirstSendBytes = 512 * kibi;

/** The maximum number of concurrent Sends of one duplex stream: enough to hide the round trip. */
export const duplexSendsMax = 4;

/**
 * The maximum number of bytes of a duplex stream that a client has sent and the server has not accepted: two of the
 * largest Sends. A page holds a copy of them.
 */
export const duplexUnacceptedBytesMax = 2 * duplexSendBytesMax;

/**
 * How far a Send may begin behind the accepted bytes, in bytes: twice of what our client needs. Until its turn, the
 * server does not read a Send.
 */
export const duplexWindowBytes = 2 * duplexUnacceptedBytesMax;

/**
 * The number of request bytes of a duplex stream that may wait for its handler. Above it, the server does not read
 * Sends.
 */
export const duplexQueueBytesMax = 4 * mebi;

/**
 * The time that a Send may wait for its turn and for room, in milliseconds: far below the timeouts of proxies. Then the
 * server tells how much of the Send it has accepted.
 */
export const duplexCreditTimeoutMs = 15_000;

/**
 * The time that a client waits for the response to a Send before it sends the piece again, in milliseconds: twice the
 * time that the server holds it.
 */
export const duplexSendTimeoutMs = 2 * duplexCreditTimeoutMs;

/**
 * The interval of heartbeats of a silent duplex stream, in milliseconds. nginx ends a response after 60 s of silence.
 */
export const duplexHeartbeatMs = 15_000;

/** The time without a Send and without a byte of response after which a duplex stream ends, in milliseconds. */
export const duplexIdleTimeoutMs = 300_000;

/**
 * The maximum number of open duplex streams of one caller. A caller is an identity, or an address if there is no
 * authentication.
 */
export const duplexStreamsPerCallerMax = 64;

/**
 * The time limit for the exchange of a password for a token, in milliseconds. It is one small call that other calls
 * wait for.
 */
export const handshakeTimeoutMs = 30_000;

/**
 * The maximum size of the requests that a client keeps for a retry with renewed credentials, in bytes. It is more than
 * a client sends, in batches of 2 MiB, before it learns that the server refused its credentials.
 */
export const replayedBytesMax = 8 * mebi;
