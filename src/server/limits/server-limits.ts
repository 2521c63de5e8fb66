import {
  callsPerConnectionMax,
  connectionsMax,
  duplexStreamsPerCallerMax,
  headerTimeoutMs,
  keepAliveTimeoutMs,
  resetBurstMax,
  resetsPerSecondMax,
  streamsPerConnectionMax,
} from "../../flight/index.ts";

/** What clients may use of a server. Each default is written down with its reason in docs/limits.md. */
export interface ServerLimits {
  /** Connections at once. Past it, the connection that has been idle for the longest time is closed. */
  readonly connections: number;
  /** Connections of one address at once, likewise. */
  readonly connectionsPerAddress: number;
  /** Streams that one HTTP/2 connection may have open. */
  readonly streamsPerConnection: number;
  /** Calls that one HTTP/2 connection may have at work; a call that was reset counts until its handler has ended. */
  readonly callsPerConnection: number;
  /** Calls that one caller may have at work. */
  readonly callsPerCaller: number;
  /** Puts and exchanges that may be open at once. */
  readonly uploads: number;
  /** Puts and exchanges that one caller may have open. */
  readonly uploadsPerCaller: number;
  /** Bytes of unfinished uploads that may be stored at once. */
  readonly unfinishedUploadBytes: number;
  /** Bytes of unfinished uploads of one caller, likewise. */
  readonly unfinishedUploadBytesPerCaller: number;
  /** Duplex streams that may be open at once. */
  readonly duplexStreams: number;
  /** Duplex streams that one caller may have open. */
  readonly duplexStreamsPerCaller: number;
  /** Characters of a URL's path and query. */
  readonly urlBytes: number;
  /** Seconds that a connection may take to send its first header. */
  readonly headerSeconds: number;
  /** Seconds that an idle HTTP/1.1 connection is kept. */
  readonly idleSeconds: number;
  /** Seconds that a call may take in all. */
  readonly callSeconds: number;
  /** Streams that an HTTP/2 connection may reset in each second, once it has used up the burst. */
  readonly resetsPerSecond: number;
  /** Streams that an HTTP/2 connection may reset at once. */
  readonly resetBurst: number;
}

/** The limits of a server that is not told others. */
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
  urlBytes: 32 * 1024,
  headerSeconds: headerTimeoutMs / 1000,
  idleSeconds: keepAliveTimeoutMs / 1000,
  callSeconds: 86_400,
  resetsPerSecond: resetsPerSecondMax,
  resetBurst: resetBurstMax,
};

/** Names of limits, in the order of the documentation. */
export const limitNames = Object.keys(defaultLimits) as readonly (keyof ServerLimits)[];

/** Completes limits by the defaults. */
export function completeLimits(limits: Partial<ServerLimits> = {}): ServerLimits {
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return { ...defaultLimits, ...Object.fromEntries(given) };
}
