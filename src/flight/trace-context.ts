import { context, propagation } from "@opentelemetry/api";

/**
 * Adds the active trace to a request's headers (`traceparent`, `tracestate`, `baggage`). Without an OpenTelemetry SDK in
 * the program, or outside of a trace, the headers stay as they are.
 */
export function injectTrace(headers: Headers): void {
  propagation.inject(context.active(), headers, { set: (carrier, name, value) => carrier.set(name, value) });
}
