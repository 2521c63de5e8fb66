import { mebi, requestHeaderBytesMax } from "../../flight/index.ts";

/** Limits of connections and HTTP requests, each with its reason. Counts are inclusive. */

/**
 * Headers up to this size are read, in bytes, so that the request can be refused by words. Past it Node resets the stream
 * (ENHANCE_YOUR_CALM, which gRPC calls RESOURCE_EXHAUSTED). It is less than the nine frames, 144 KiB, past which nghttp2
 * ends the connection.
 */
export const receivedHeaderBytesMax = 2 * requestHeaderBytesMax;

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

/** The maximum number of connections. Each may use `connectionWindowBytes` and a few kilobytes. */
export const connectionsMax = 4096;

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
 * The number of received bytes of request bodies, and of files of a bucket, after which a server collects its young
 * garbage. A collection takes less than a millisecond. Above 8 MiB, V8 begins to collect the whole heap first.
 */
export const receivedGarbageBytes = 4 * mebi;

/** The time that running calls have after the server was told to stop, in milliseconds. */
export const drainTimeoutMs = 30_000;
