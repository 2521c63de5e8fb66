import { upstreamHeader } from "../dataset/index.ts";
import { FlightError, toFlightError, type FlightFrame } from "../flight/index.ts";
import { readIpcStream } from "../arrow/index.ts";
import type { FlightEndpoint } from "../gen/arrow/flight/protocol/flight_pb.ts";
import { describeReason } from "./describe-reason.ts";
import type { FlightClient } from "./flight-client.ts";
import { planSources, type DataSource } from "./locations.ts";
import { readStream } from "./read-stream.ts";
import type { CallOptions, HeaderFields } from "./run-call.ts";
import { startTimeLimit, toEnded, toEndSignal } from "./time-limit.ts";

/** The clients and servers that `readEndpoint` reads from. */
export interface FlightReader {
  /** The server that returned the FlightInfo. */
  readonly url: URL;
  /** The client of that server. */
  readonly client: FlightClient;
  /** Returns a client of another server that an endpoint names. */
  readonly clientOf: (url: URL) => FlightClient;
  /** Downloads from endpoints with an HTTP location; usually the global `fetch`. */
  readonly fetch: typeof globalThis.fetch;
}

/**
 * Streams the frames of one endpoint, from the first of its locations that is reachable and does not require other
 * credentials.
 *
 * @throws FlightError UNIMPLEMENTED if no location has a supported scheme; UNAVAILABLE if none is reachable
 */
export async function* readEndpoint(
  reader: FlightReader,
  endpoint: FlightEndpoint,
  options: CallOptions = {},
): AsyncGenerator<FlightFrame, void, undefined> {
  const uris = endpoint.location.map(({ uri }) => uri);
  const sources = planSources(uris, reader.url);
  const leftMs = startTimeLimit(options.timeoutMs);
  let failure: unknown = new FlightError("unimplemented", `no location has a supported scheme: ${uris.join(", ")}`);
  for (const source of sources) {
    let hasBegun = false;
    try {
      for await (const frame of readSource(reader, source, endpoint, { ...options, timeoutMs: leftMs() })) {
        hasBegun = true;
        yield frame;
      }
      return;
    } catch (reason) {
      // Yielded frames cannot be taken back, so the next location is used only if this one has yielded none.
      if (hasBegun || !mayBeElsewhere(source, toFlightError(reason))) throw reason;
      failure = reason;
    }
  }
  throw failure;
}

/** Whether the next location may have the data. Other servers do not get this server's credentials, so they may refuse. */
function mayBeElsewhere({ kind }: DataSource, { code }: FlightError): boolean {
  return code === "unavailable" || (code === "unauthenticated" && kind === "flight");
}

function readSource(
  reader: FlightReader,
  source: DataSource,
  { ticket }: FlightEndpoint,
  options: CallOptions,
): AsyncGenerator<FlightFrame, void, undefined> {
  switch (source.kind) {
    case "same":
      return reader.client.doGet(ticket ?? {}, { ...options, headers: withChoice(options.headers, source.upstream) });
    case "flight":
      return reader
        .clientOf(source.url)
        .doGet(ticket ?? {}, { ...options, headers: withChoice(undefined, source.upstream) });
    case "download":
      return readIpcStream(download(reader, source.url, options));
  }
}

/** Adds the header that tells a proxy which server behind it gets the ticket. */
function withChoice(headers: HeaderFields | undefined, upstream: string | undefined): HeaderFields | undefined {
  if (upstream === undefined) return headers;
  const chosen = new Headers(headers);
  chosen.set(upstreamHeader, upstream);
  return chosen;
}

/** Media types that an IPC stream may have. A response without a media type is treated as an IPC stream. */
const streamTypes = /^(application\/(vnd\.apache\.arrow\.stream|octet-stream|binary)|binary\/octet-stream)\b/i;

async function* download(
  { fetch }: FlightReader,
  url: URL,
  { signal, timeoutMs }: CallOptions,
): AsyncGenerator<Uint8Array> {
  const ending = toEndSignal(signal, timeoutMs);
  try {
    const response = await fetch(url, {
      // The location itself contains what the download needs. The client's credentials are not sent there.
      credentials: "omit",
      headers: { accept: "application/vnd.apache.arrow.stream" },
      signal: ending ?? null,
    });
    yield* readStream(await streamOf(response, url));
  } catch (reason) {
    if (reason instanceof FlightError) throw reason;
    if (ending?.aborted) throw toEnded("download", signal);
    const words = `the download from ${url.origin} failed: ${describeReason(reason)}`;
    throw new FlightError("unavailable", words, { cause: reason });
  }
}

/** Returns the body of a response, if it may be an Arrow IPC stream. */
async function streamOf(response: Response, { origin }: URL): Promise<ReadableStream<Uint8Array>> {
  const type = response.headers.get("content-type");
  if (response.ok && response.body && (type === null || streamTypes.test(type))) return response.body;
  await response.body?.cancel();
  const problem = response.ok
    ? `gives ${type ?? "nothing"}, which is not an Arrow IPC stream`
    : `answers ${response.status}`;
  throw new FlightError(response.ok ? "unimplemented" : "unavailable", `the download from ${origin} ${problem}`);
}
