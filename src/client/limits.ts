import { mebi } from "../flight/index.ts";

/** Limits of the client, each with its reason. Counts are inclusive. */

/**
 * The time limit for the exchange of a password for a token, in milliseconds. It is one small call that other calls
 * wait for.
 */
export const handshakeTimeoutMs = 30_000;

/** The longest time limit of a call, in milliseconds: 27 hours. Source: gRPC over HTTP/2, TimeoutValue has 8 digits. */
export const timeoutMsMax = 99_999_999;

/**
 * The maximum size of the requests that a client keeps for a retry with renewed credentials, in bytes. It is more than
 * a client sends, in batches of 2 MiB, before it learns that the server refused its credentials.
 */
export const replayedBytesMax = 8 * mebi;
