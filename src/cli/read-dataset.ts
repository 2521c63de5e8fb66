import { isDeepStrictEqual } from "node:util";
import { createDatasetDescriptor, DatasetInfo, openCurrent, readEndpoint, type GetOptions } from "../client/index.ts";
import { createFrame, FlightError, type FlightFrame } from "../flight/index.ts";
import { decodeMessage, decodeSchema, decodeSchemaMessage, type Schema } from "../arrow/index.ts";
import type { ClientCall } from "./client-call.ts";
import { withSuggestion } from "./suggest-name.ts";

/** The selected part of a dataset. */
export type Selection = Pick<GetOptions, "columns" | "filter" | "offset" | "limit">;

/** The rows of a dataset, or of a part of it, from a server. */
export interface DatasetStream {
  /** The number of rows; undefined if the server does not know it. */
  readonly rowCount: number | undefined;
  /** One schema, then dictionaries and record batches, not decoded. */
  readonly frames: AsyncGenerator<FlightFrame, void, undefined>;
}

/**
 * Requests a dataset or a part of it. Its frames are those of all endpoints, in order.
 *
 * @throws FlightError of the server; INTERNAL if two endpoints have different schemas
 */
export async function readDataset(call: ClientCall, name: string, selection: Selection = {}): Promise<DatasetStream> {
  const { client, signal } = call;
  let rowCount: number | undefined;
  const frames = await openCurrent(async () => {
    const info = await withSuggestion(call, name, async () => {
      const flight = await client.flight.getFlightInfo(createDatasetDescriptor(name, selection), { signal });
      return new DatasetInfo(flight);
    });
    ({ rowCount } = info);
    return readFrames(call, info);
  });
  return { rowCount, frames };
}

/** Node loads its `fetch` when it is first looked at, which takes 20 ms. Only plain downloads of endpoints need it. */
const lazyFetch: typeof fetch = async (...args) => await fetch(...args);

async function* readFrames(call: ClientCall, { flight }: DatasetInfo): AsyncGenerator<FlightFrame, void, undefined> {
  const { client, url, signal } = call;
  const reader = {
    url,
    client: client.flight,
    clientOf: (other: URL) => call.clientOf(other).flight,
    fetch: lazyFetch,
  };
  let schema: Schema | undefined;
  if (flight.endpoint.length === 0) yield createFrame({ header: decodeSchemaMessage(flight.schema) });
  for (const endpoint of flight.endpoint) {
    for await (const frame of readEndpoint(reader, endpoint, { signal })) {
      const { kind } = decodeMessage(frame.header);
      if (kind === "schema") {
        const own = decodeSchema(frame.header);
        if (schema === undefined) yield frame;
        else if (!isDeepStrictEqual(own, schema)) {
          throw new FlightError("internal", "the parts of the flight have different schemas");
        }
        schema ??= own;
      } else if (kind !== "none") yield frame;
    }
  }
}
