import type { Identity } from "../../producer/index.ts";
import type { ObservedCall } from "../calls/call-observer.ts";
import type { Metrics } from "../metrics.ts";
import { CallTimes } from "./call-times.ts";
import { Connections } from "./connections.ts";
import { limitCounter, type OnLimit } from "./limit-counter.ts";
import { callerOf, Places } from "./places.ts";
import { completeLimits, type ServerLimits } from "./server-limits.ts";

/** Methods whose client decides how long it sends data. */
const uploadMethods = /\/(DoPut|DoExchange)$|^PUT /;

/** Enforces all limits of a server. */
export class Limiter {
  readonly limits: ServerLimits;
  readonly connections: Connections;
  readonly duplexStreams: Places;
  readonly callTimes: CallTimes;
  /** Counts that a limit was reached. */
  readonly onLimit: OnLimit;
  readonly #calls: Places;
  readonly #uploads: Places;
  readonly #uploadBytes: Places;

  /** @param limits - limits other than the defaults @param metrics - gets the open resources and the reached limits */
  constructor(limits: Partial<ServerLimits> | undefined, metrics: Metrics) {
    this.limits = completeLimits(limits);
    const onLimit = limitCounter(metrics);
    this.onLimit = onLimit;
    const shared = { limits: this.limits };
    this.connections = new Connections(this.limits, onLimit);
    this.callTimes = new CallTimes(this.limits, onLimit);
    this.#calls = new Places({ ...shared, perCaller: "callsPerCaller", what: "calls at work" });
    const uploads = { inAll: "uploads", perCaller: "uploadsPerCaller", what: "open uploads" } as const;
    this.#uploads = new Places({ ...shared, ...uploads });
    const uploadBytes = {
      inAll: "unfinishedUploadBytes",
      perCaller: "unfinishedUploadBytesPerCaller",
      what: "bytes of unfinished uploads",
    } as const;
    this.#uploadBytes = new Places({ ...shared, ...uploadBytes });
    const streams = {
      inAll: "duplexStreams",
      perCaller: "duplexStreamsPerCaller",
      what: "open duplex streams",
    } as const;
    this.duplexStreams = new Places({ ...shared, ...streams });
    metrics.addGauge("hangar_connections", "Number of open connections", () => this.connections.count);
    metrics.addGauge("hangar_uploads", "Number of open puts and exchanges", () => this.#uploads.count);
    const uploadBytesHelp = "Number of stored bytes of unfinished puts and exchanges";
    metrics.addGauge("hangar_unfinished_upload_bytes", uploadBytesHelp, () => this.#uploadBytes.count);
    metrics.addGauge("hangar_duplex_streams", "Number of open duplex streams", () => this.duplexStreams.count);
  }

  /** Counts a call until it ends. @throws FlightError RESOURCE_EXHAUSTED */
  admit(observed: ObservedCall, { method, peer }: { method: string; peer: string }, { subject }: Identity): void {
    const caller = callerOf(subject, peer);
    observed.putLimits = this.limits;
    observed.onEnd(this.#calls.take(caller));
    if (uploadMethods.test(method)) observed.onEnd(this.#uploads.take(caller));
    // A get may also store bytes: it writes a selection as Parquet to a temporary file.
    const claimFirst = (byteLength: number): void => {
      const claim = this.#uploadBytes.claim(caller);
      const claimMore = (more: number): void => claim.grow(more);
      observed.claimUploadBytes = claimMore;
      observed.onEnd(() => claim.release());
      claim.grow(byteLength);
    };
    observed.claimUploadBytes = claimFirst;
  }

  /** Stops timers. */
  close(): void {
    this.callTimes.close();
  }
}
