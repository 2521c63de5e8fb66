import { Code } from "@connectrpc/connect";
import { codeToString } from "@connectrpc/connect/protocol-connect";
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
} from "@opentelemetry/api";

/** The span of one call, for programs that have an OpenTelemetry SDK. */
export interface CallSpan {
  /** The id of the trace, 32 hexadecimal digits; undefined without an SDK. */
  readonly traceId: string | undefined;
  /** Runs a function inside the span. */
  run<T>(work: () => T): T;
  /** Creates a stream and runs each of its steps inside the span. */
  stream<T>(open: () => AsyncIterable<T>): AsyncIterable<T>;
  /** Adds an attribute. */
  set(name: string, value: string | number): void;
  /** Ends the span with the call's code; undefined for success. */
  end(code: Code | undefined): void;
}

/**
 * Codes for which the span of a server has the status ERROR. Source: OpenTelemetry's conventions for gRPC, server
 * spans.
 */
const serverFaults: ReadonlySet<Code | undefined> = new Set<Code | undefined>([
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.Unimplemented,
  Code.Internal,
  Code.Unavailable,
  Code.DataLoss,
]);

/** A span that does nothing, for a program without an SDK. */
export const noSpan: CallSpan = {
  traceId: undefined,
  run: (work) => work(),
  stream: (open) => open(),
  set: () => {},
  end: () => {},
};

/** Passes calls on to the SDK, once there is one. */
const tracer = trace.getTracer("hangar");

/**
 * Starts the span of a call. Its parent is the caller's span, if the header names one.
 *
 * @param name - the full method, such as `arrow.flight.protocol.FlightService/DoGet`
 */
export function startCallSpan(name: string, header: Headers, attributes: Attributes): CallSpan {
  const parent = propagation.extract(ROOT_CONTEXT, header, {
    get: (carrier, key) => carrier.get(key) ?? undefined,
    keys: (carrier) => [...carrier.keys()],
  });
  const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
  return span.isRecording() ? recordingSpan(span, trace.setSpan(parent, span)) : noSpan;
}

function recordingSpan(span: Span, active: Context): CallSpan {
  return {
    traceId: span.spanContext().traceId,
    run: (work) => context.with(active, work),
    stream: (open) => inContext(open, active),
    set: (name, value) => void span.setAttribute(name, value),
    end(code) {
      if (code !== undefined) span.setAttribute("error.type", codeToString(code));
      if (serverFaults.has(code)) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

async function* inContext<T>(open: () => AsyncIterable<T>, active: Context): AsyncGenerator<T> {
  const iterator = context.with(active, () => open()[Symbol.asyncIterator]());
  try {
    for (;;) {
      const next = await context.with(active, () => iterator.next());
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await context.with(active, () => iterator.return?.());
  }
}
