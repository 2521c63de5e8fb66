import type { RecordBatch, Schema } from "apache-arrow";
import type { FlightFrame } from "../flight/index.ts";
import type { FlightEndpoint, FlightInfo } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { decodeBatches } from "./decode-batches.ts";
import { mergeStreams } from "./merge-streams.ts";
import { readEndpoint, type FlightReader } from "./read-endpoint.ts";
import type { CallOptions } from "./run-call.ts";
import { startTimeLimit } from "./time-limit.ts";

/** How a flight is read. */
export interface ReadOptions extends CallOptions {
  /** Endpoints that are read at once; each costs a stream, and on HTTP/1.1 a connection. */
  readonly endpointsAtOnceMax: number;
}

/**
 * Reads the record batches of a flight: all of its endpoints, several at once, in their order where the flight is
 * ordered. Leaving it cancels the calls on their servers.
 *
 * @param onSchema - gets the schema before the first batch of each endpoint
 * @throws FlightError of the first endpoint that fails
 */
export async function* readFlight(
  reader: FlightReader,
  info: FlightInfo,
  options: ReadOptions,
  onSchema: (schema: Schema) => void,
): AsyncGenerator<RecordBatch, void, undefined> {
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const leftMs = startTimeLimit(options.timeoutMs);
  const open = (endpoint: FlightEndpoint): AsyncGenerator<FlightFrame, void, undefined> =>
    readEndpoint(reader, endpoint, { ...options, signal, timeoutMs: leftMs() });
  const streams = info.endpoint.map((endpoint) => () => decodeBatches(open(endpoint), onSchema));
  try {
    yield* mergeStreams(streams, { openMax: options.endpointsAtOnceMax, isOrdered: info.ordered });
  } finally {
    leaving.abort();
  }
}
