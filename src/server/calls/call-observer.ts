import { randomUUID } from "node:crypto";
import { Code } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import type { Attributes } from "@opentelemetry/api";
import { limitOf } from "../../flight/index.ts";
import { anonymous, type CallFacts, type Identity, type PutLimits, type Right } from "../../producer/index.ts";
import type { Logger } from "../logger.ts";
import type { Direction, Metrics } from "../metrics.ts";
import { startCallSpan, type CallSpan } from "./call-span.ts";
import { toPrintable } from "./printable.ts";

/** The properties of a call at its start. */
export interface CallStart {
  /** The full method, such as `arrow.flight.protocol.FlightService/DoGet`, or `GET /datasets/`. */
  readonly method: string;
  /** `grpc`, `grpc-web`, `connect` or `http`. */
  readonly protocol: string;
  /** The client's address. */
  readonly peer: string;
  readonly header: Headers;
  /** The name of the call's span; the method by default. */
  readonly spanName?: string;
  /** Attributes of the call's span. */
  readonly attributes?: Attributes;
  /** Whether the call is logged only at the level `debug`. */
  readonly isQuiet?: boolean;
}

/**
 * The rights that change datasets. The audit log gets a line for each change, and for each refused call of any kind.
 */
const changes: ReadonlySet<Right | undefined> = new Set<Right | undefined>(["write", "replace", "drop"]);

/** Counts, logs and traces the calls of a server. */
export class CallObserver {
  readonly #logger: Logger;
  readonly #audit: Logger;
  readonly #metrics: Metrics;

  /**
   * @param logger - gets a line for each call
   * @param audit - gets a line for each change of a dataset, and for each refused attempt
   */
  constructor({ logger, audit = logger, metrics }: { logger: Logger; audit?: Logger | undefined; metrics: Metrics }) {
    this.#logger = logger;
    this.#audit = audit;
    this.#metrics = metrics;
  }

  /** Starts the observation of a call. `end` of the result ends it. */
  begin(start: CallStart): ObservedCall {
    return new ObservedCall(start, { logger: this.#logger, audit: this.#audit, metrics: this.#metrics });
  }
}

/** A running call. */
export class ObservedCall {
  /** Identifies the call in the log, 16 hexadecimal digits. */
  readonly id = createCallId();
  readonly span: CallSpan;
  /** The caller, once it is known. */
  identity: Identity = anonymous;
  /** Counts bytes of an unfinished upload; the limiter sets it. @throws FlightError RESOURCE_EXHAUSTED */
  claimUploadBytes: (byteLength: number) => void = () => {};
  /** The limits for the data of a put; the limiter sets them. */
  putLimits: PutLimits | undefined;
  readonly #start: CallStart;
  readonly #to: { readonly logger: Logger; readonly audit: Logger; readonly metrics: Metrics };
  readonly #startTime = performance.now();
  readonly #endMetrics: (code?: Code) => void;
  readonly #byteCounts = { received: 0, sent: 0 };
  readonly #rowCounts = { received: 0, sent: 0 };
  #facts: CallFacts = {};
  #limit: string | undefined;
  readonly #afterwards: (() => void)[] = [];
  #hasEnded = false;

  constructor(start: CallStart, to: { logger: Logger; audit: Logger; metrics: Metrics }) {
    this.#start = start;
    this.#to = to;
    this.#endMetrics = to.metrics.begin(start.method);
    this.span = startCallSpan(start.spanName ?? start.method, start.header, {
      ...start.attributes,
      "client.address": start.peer,
    });
  }

  /** Adds facts about the call. Later facts replace earlier ones. */
  note(facts: CallFacts): void {
    this.#facts = { ...this.#facts, ...facts };
  }

  /** Notes why the call fails. If it has reached a limit, the metrics count this limit once when the call ends. */
  noteReason(reason: unknown): void {
    this.#limit ??= limitOf(reason);
  }

  /** Calls `act` when the call ends; immediately if it has ended. */
  onEnd(act: () => void): void {
    if (this.#hasEnded) act();
    else this.#afterwards.push(act);
  }

  /** Counts a record batch. */
  addBatch(direction: Direction, rowCount: number): void {
    this.#rowCounts[direction] += rowCount;
    this.#to.metrics.addBatch(direction, rowCount);
  }

  /** Counts bytes of Arrow data and of files. */
  addBytes(direction: Direction, byteLength: number): void {
    this.#byteCounts[direction] += byteLength;
    this.#to.metrics.addBytes(direction, byteLength);
  }

  /** Ends the call with its code; undefined for success. Further calls have no effect. */
  end(code?: Code): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const act of this.#afterwards) act();
    this.#endMetrics(code);
    if (this.#limit !== undefined) this.#to.metrics.countLimit(this.#limit);
    const { dataset } = this.#facts;
    if (dataset !== undefined) this.span.set("hangar.dataset", dataset);
    const status = statusText(this.#start.protocol, code);
    if (status !== undefined) this.span.set("rpc.response.status_code", status);
    this.span.end(code);
    this.#log(code);
  }

  #log(code: Code | undefined): void {
    const { method, protocol, peer, isQuiet } = this.#start;
    const { dataset, right } = this.#facts;
    const isRefused = code === Code.PermissionDenied || code === Code.Unauthenticated;
    const isAudited = isRefused || changes.has(right);
    const level = isQuiet ? "debug" : "info";
    const isLogged = this.#to.logger.isLevelEnabled?.(level) ?? true;
    if (!isAudited && !isLogged) return;
    const traceId = this.span.traceId;
    const who = {
      call: this.id,
      ...(traceId !== undefined && { trace: traceId }),
      method,
      ...(dataset !== undefined && { dataset: toPrintable(dataset) }),
      subject: toPrintable(this.identity.subject),
      peer,
      code: code === undefined ? "ok" : codeToString(code),
    };
    if (isAudited) {
      this.#to.audit.info({ ...who, ...(right !== undefined && { right }) }, "audit");
    }
    const details = {
      ...who,
      protocol,
      rows: this.#rowCounts.received + this.#rowCounts.sent,
      bytes: this.#byteCounts.received + this.#byteCounts.sent,
      ms: Math.round(10 * (performance.now() - this.#startTime)) / 10,
    };
    this.#to.logger[level](details, "call");
  }
}

/** Returns 64 random bits. Node makes UUIDs from random bytes in stock; `randomBytes` asks the system each time. */
function createCallId(): string {
  const uuid = randomUUID();
  // The other digits have the version and the variant.
  return uuid.slice(0, 8) + uuid.slice(-8);
}

/**
 * Returns the name of a code in a protocol. Source: OpenTelemetry's semantic conventions for gRPC and for Connect.
 */
function statusText(protocol: string, code: Code | undefined): string | undefined {
  if (protocol === "http") return undefined;
  if (protocol === "connect") return code === undefined ? "ok" : codeToString(code);
  if (code === undefined) return "OK";
  return code === Code.Canceled ? "CANCELLED" : codeToString(code).toUpperCase();
}
