import { duplexStreamsPerCallerMax } from "../../duplex/index.ts";
import {
  controlMessageBytesMax,
  expandedBodyBytesMax,
  FlightError,
  messageBytesMax,
  messageElementsMax,
  requestHeaderBytesMax,
} from "../../flight/index.ts";
import {
  callsPerConnectionMax,
  connectionsMax,
  headerTimeoutMs,
  keepAliveTimeoutMs,
  resetBurstMax,
  resetsPerSecondMax,
  streamsPerConnectionMax,
} from "../http/limits.ts";
import { compressedFlightDataBytesMax, expansionRatioMax, jsonFlightDataBytesMax } from "../rpc/limits.ts";

/** The limits for clients of a server. docs/limits.md explains each default. */
export interface ServerLimits {
  /** The maximum number of connections. Beyond it, the connection with the longest idle time is closed. */
  readonly connections: number;
  /** The maximum number of connections from one address; beyond it, the same happens. */
  readonly connectionsPerAddress: number;
  /** The maximum number of open streams of an HTTP/2 connection. */
  readonly streamsPerConnection: number;
  /**
   * The maximum number of running calls of an HTTP/2 connection. A call that was reset counts until its handler has
   * ended.
   */
  readonly callsPerConnection: number;
  /** The maximum number of running calls of one caller. */
  readonly callsPerCaller: number;
  /** The maximum number of open puts and exchanges. */
  readonly uploads: number;
  /** The maximum number of open puts and exchanges of one caller. */
  readonly uploadsPerCaller: number;
  /** The maximum number of stored bytes of unfinished uploads. */
  readonly unfinishedUploadBytes: number;
  /** The maximum number of stored bytes of one caller's unfinished uploads. */
  readonly unfinishedUploadBytesPerCaller: number;
  /** The maximum number of open duplex streams. */
  readonly duplexStreams: number;
  /** The maximum number of open duplex streams of one caller. */
  readonly duplexStreamsPerCaller: number;
  /** The maximum size of a FlightData message in bytes. */
  readonly messageBytes: number;
  /** The maximum size of a record batch of a put after decompression, in bytes. */
  readonly batchBytes: number;
  /** The maximum size of a FlightData message that gRPC or Connect has compressed, before and after it, in bytes. */
  readonly compressedMessageBytes: number;
  /** The maximum size of a FlightData message in JSON, in bytes. */
  readonly jsonMessageBytes: number;
  /** The maximum size of any other request message after decompression, in bytes. */
  readonly controlMessageBytes: number;
  /** The maximum number of fields, values and list items of a message without Arrow data. */
  readonly messageItems: number;
  /** The maximum ratio of a decompressed message to its compressed size. */
  readonly expansionRatio: number;
  /** The maximum size of all headers of a request in bytes, with 32 more for each field. */
  readonly headerBytes: number;
  /** The maximum length of a URL's path and query in bytes. */
  readonly urlBytes: number;
  /** The time limit for the first header of a connection, in seconds. */
  readonly headerSeconds: number;
  /** How long an idle HTTP/1.1 connection stays open, in seconds. */
  readonly idleSeconds: number;
  /** The time limit of a call, in seconds. */
  readonly callSeconds: number;
  /** The number of streams per second that an HTTP/2 connection may reset after the burst. */
  readonly resetsPerSecond: number;
  /** The number of streams that an HTTP/2 connection may reset at once. */
  readonly resetBurst: number;
  /** The number of pings per second of an HTTP/2 connection that transfers little data. */
  readonly pingsPerSecond: number;
  /** The number of settings frames per second of an HTTP/2 connection that transfers little data. */
  readonly settingsPerSecond: number;
}

/** The default limits. */
export const defaultLimits: ServerLimits = {
  connections: connectionsMax,
  connectionsPerAddress: 2048,
  streamsPerConnection: streamsPerConnectionMax,
  callsPerConnection: callsPerConnectionMax,
  callsPerCaller: 2048,
  uploads: 1024,
  uploadsPerCaller: 512,
  unfinishedUploadBytes: 2 ** 40,
  unfinishedUploadBytesPerCaller: 2 ** 38,
  duplexStreams: 4096,
  duplexStreamsPerCaller: duplexStreamsPerCallerMax,
  messageBytes: messageBytesMax,
  batchBytes: expandedBodyBytesMax,
  compressedMessageBytes: compressedFlightDataBytesMax,
  jsonMessageBytes: jsonFlightDataBytesMax,
  controlMessageBytes: controlMessageBytesMax,
  messageItems: messageElementsMax,
  expansionRatio: expansionRatioMax,
  headerBytes: requestHeaderBytesMax,
  urlBytes: 32 * 1024,
  headerSeconds: headerTimeoutMs / 1000,
  idleSeconds: keepAliveTimeoutMs / 1000,
  callSeconds: 86_400,
  resetsPerSecond: resetsPerSecondMax,
  resetBurst: resetBurstMax,
  pingsPerSecond: 1000,
  settingsPerSecond: 100,
};

/** The limits that can be lowered only. Their defaults are what the server's memory, or nghttp2, allows. */
export const ceilings: ReadonlySet<keyof ServerLimits> = new Set<keyof ServerLimits>([
  "messageBytes",
  "batchBytes",
  "compressedMessageBytes",
  "jsonMessageBytes",
  "controlMessageBytes",
  "messageItems",
  "headerBytes",
]);

/** The largest value of a limit. Larger numbers are not exact in JavaScript. */
export function limitMaxOf(name: keyof ServerLimits): number {
  return ceilings.has(name) ? defaultLimits[name] : Number.MAX_SAFE_INTEGER;
}

/** The names of the limits, in the order of the documentation. */
export const limitNames = Object.keys(defaultLimits) as readonly (keyof ServerLimits)[];

/** Replaces omitted limits with their defaults. @throws FlightError INVALID_ARGUMENT if a limit cannot have its value */
export function completeLimits(limits: Partial<ServerLimits> = {}): ServerLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  const complete: ServerLimits = { ...defaultLimits, ...Object.fromEntries(given) };
  for (const name of limitNames) {
    const max = limitMaxOf(name);
    if (complete[name] > max) throw new FlightError("invalid_argument", `the limit ${name} may be at most ${max}`);
  }
  return complete;
}
