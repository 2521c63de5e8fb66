import { kibi, mebi } from "../flight/index.ts";

/** Limits of duplex streams, each with its reason. Counts are inclusive. */

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
