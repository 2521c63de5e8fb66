import type { RecordBatch, Schema } from "apache-arrow";
import type { FlightFrame } from "../flight/index.ts";
import type { FlightEndpoint, FlightInfo } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { decodeBatches } from "./decode-batches.ts";
import { mergeStreams } from "./merge-streams.ts";
import { readEndpoint, type FlightReader } from "./read-endpoint.ts";
import type { CallOptions } from "./run-call.ts";
import { startTimeLimit } from "./time-limit.ts";

/** Options of `readFlight`. */
export interface ReadOptions extends CallOptions {
  /** The maximum number of endpoints to read at once. Each needs a stream, and a connection on HTTP/1.1. */
  readonly endpointsAtOnceMax: number;
}

/**
 * Reads the record batches of all endpoints of a flight, several at once. An ordered flight keeps the order of its
 * endpoints. If the caller stops early, the calls are cancelled on their servers.
 *
 * @param onSchema - called with the schema before the first batch of each endpoint
 * @throws FlightError of the first endpoint that fails
 */
export async function* readFlight(
  reader: FlightReader,
  info: FlightInfo,
  { endpointsAtOnceMax, ...options }: ReadOptions,
  onSchema: (schema: Schema) => void,
): AsyncGenerator<RecordBatch, void, undefined> {
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const leftMs = startTimeLimit(options.timeoutMs);
  const open = (endpoint: FlightEndpoint): AsyncGenerator<FlightFrame, void, undefined> =>
    readEndpoint(reader, endpoint, { ...options, signal, timeoutMs: leftMs() });
  const streams = info.endpoint.map((endpoint) => () => decodeBatches(open(endpoint), onSchema));
  try {
    yield* mergeStreams(streams, { openMax: endpointsAtOnceMax, isOrdered: info.ordered });
  } finally {
    leaving.abort();
  }
}
