import { commandBytesMax, mebi } from "../flight/index.ts";

/** Limits of names, tickets and endpoints, each with its reason. Counts are inclusive. */

/** The longest segment of a dataset name in bytes: the limit of common file systems. */
export const nameSegmentBytesMax = 255;

/** The longest dataset name in bytes: the limit of S3 keys, so that every name is also valid in a bucket. */
export const nameBytesMax = 1024;

/** The longest ticket of a part of a dataset in bytes: an encoded command with additional fields. */
export const ticketBytesMax = 2 * commandBytesMax;

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
