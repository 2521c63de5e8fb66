import { Code, ConnectError, createClient, type Client, type Transport } from "@connectrpc/connect";
import { tableToIPC } from "apache-arrow";
import { createPathDescriptor } from "../../src/flight/index.ts";
import { decodeIpcStream } from "../../src/arrow/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { Health } from "../../src/gen/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../src/gen/grpc/reflection/v1/reflection_pb.ts";
import { ServerReflection as ServerReflectionV1Alpha } from "../../src/gen/grpc/reflection/v1alpha/reflection_pb.ts";
import { DatasetService } from "../../src/gen/hangar/v1/dataset_service_pb.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { createTable } from "../contract/tables.ts";

/** What a call comes to: `ok`, or the name of an error's code; and behind it what the call gave, where that matters. */
export type Outcome = string;

/** What a call comes to for each kind of caller. */
export interface Expected {
  /** Without credentials, or with ones that are not valid; `unauthenticated` where left out. */
  readonly unknown?: Outcome;
  /** For one who may read `open/**` and nothing else. */
  readonly unable: Outcome;
  /** For one who may do everything; `ok` where left out. */
  readonly able?: Outcome;
}

/** A call, and what it comes to. */
export interface Call {
  readonly expected: Expected;
  /** Where streams do not carry it. */
  readonly byStream?: Expected;
  /** Where the proxy, which knows less of what its upstream has, answers otherwise. */
  readonly byProxy?: Partial<Expected>;
  /** For credentials that come with every request of a browser by themselves: a session, and a client certificate. */
  readonly byAmbient?: Partial<Expected>;
  /** Ends well, or throws. */
  run(transport: Transport, headers: Readonly<Record<string, string>>): Promise<string | void>;
}

const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
const secret = createPathDescriptor(["secret", "a"]);

const frames = [...decodeIpcStream(tableToIPC(createTable(9), "stream"))];

async function* put(path: readonly string[]) {
  for (const [i, { header, body }] of frames.entries()) {
    const dataBody = new Uint8Array(Buffer.concat(body));
    const message = { dataHeader: new Uint8Array(header), dataBody };
    yield i === 0 ? { ...message, flightDescriptor: createPathDescriptor(path) } : message;
  }
}

async function drain(stream: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of stream);
}

const flight = (transport: Transport): Client<typeof FlightService> => createClient(FlightService, transport);

/** The calls of a method, by what they are about. */
type Calls<Service extends { readonly method: object }> = Record<keyof Service["method"], Record<string, Call>>;

const flightCalls: Calls<typeof FlightService> = {
  handshake: {
    "says nothing": {
      // Whoever has shown a token has no need of another.
      expected: { unable: "ok" },
      byAmbient: { unable: "unauthenticated", able: "unauthenticated" },
      run: async (transport, headers) => await drain(flight(transport).handshake(nothing(), { headers })),
    },
  },
  listFlights: {
    all: {
      expected: { unable: "ok open/a", able: "ok open/a secret/a secret/b" },
      run: async (transport, headers) => {
        const infos = await Array.fromAsync(flight(transport).listFlights({}, { headers }));
        return infos.map(({ flightDescriptor }) => flightDescriptor?.path.join("/")).join(" ");
      },
    },
  },
  getFlightInfo: {
    "a path": {
      expected: { unable: "not_found" },
      run: async (transport, headers) => void (await flight(transport).getFlightInfo(secret, { headers })),
    },
    "a command": {
      expected: { unable: "not_found" },
      run: async (transport, headers) => {
        await flight(transport).getFlightInfo({ type: 2, cmd: utf8('{"dataset":"secret/a","limit":1}') }, { headers });
      },
    },
    "a pattern": {
      // The rows of the datasets that the caller may read. The proxy does not know which its upstream would read.
      expected: { unable: "ok 12", able: "ok 36" },
      byProxy: { unable: "permission_denied" },
      run: async (transport, headers) => {
        const info = await flight(transport).getFlightInfo(createPathDescriptor(["*", "*"]), { headers });
        return String(info.totalRecords);
      },
    },
    "what names nothing": {
      expected: { unable: "invalid_argument", able: "invalid_argument" },
      byProxy: { unable: "permission_denied" },
      run: async (transport, headers) => {
        await flight(transport).getFlightInfo({ type: 2, cmd: utf8("SELECT 1") }, { headers });
      },
    },
  },
  pollFlightInfo: {
    "a path": {
      expected: { unable: "not_found" },
      run: async (transport, headers) => void (await flight(transport).pollFlightInfo(secret, { headers })),
    },
  },
  getSchema: {
    "a path": {
      expected: { unable: "not_found" },
      run: async (transport, headers) => void (await flight(transport).getSchema(secret, { headers })),
    },
  },
  doGet: {
    "the ticket of a dataset": {
      expected: { unable: "not_found" },
      run: async (transport, headers) => {
        await drain(flight(transport).doGet({ ticket: utf8("secret/a") }, { headers }));
      },
    },
    "the ticket of a pattern": {
      expected: { unable: "not_found" },
      byProxy: { unable: "permission_denied" },
      run: async (transport, headers) => {
        await drain(flight(transport).doGet({ ticket: utf8("secret/**") }, { headers }));
      },
    },
    "the ticket of a part": {
      // Its version is none, which one who may not read does not learn.
      expected: { unable: "not_found", able: "failed_precondition" },
      run: async (transport, headers) => {
        const ticket = utf8('.part:{"dataset":"secret/a","version":"x"}');
        await drain(flight(transport).doGet({ ticket }, { headers }));
      },
    },
  },
  doPut: {
    "a new dataset": {
      expected: { unable: "permission_denied", able: "ok +" },
      run: async (transport, headers) => await drain(flight(transport).doPut(put(["secret", "new"]), { headers })),
    },
    "a dataset that is there": {
      expected: { unable: "permission_denied", able: "ok +" },
      run: async (transport, headers) => await drain(flight(transport).doPut(put(["secret", "a"]), { headers })),
    },
    "a dataset that may be read": {
      expected: { unable: "permission_denied", able: "ok +" },
      run: async (transport, headers) => await drain(flight(transport).doPut(put(["open", "a"]), { headers })),
    },
  },
  doExchange: {
    "a dataset": {
      // The store has no exchange; the proxy asks its upstream, which has none either.
      expected: { unable: "unimplemented", able: "unimplemented" },
      byProxy: { unable: "not_found" },
      run: async (transport, headers) => await drain(flight(transport).doExchange(put(["secret", "a"]), { headers })),
    },
  },
  doAction: {
    "drop a dataset that is hidden": {
      expected: { unable: "not_found", able: "ok +" },
      run: async (transport, headers) => {
        const action = { type: "drop_dataset", body: utf8("secret/a") };
        await drain(flight(transport).doAction(action, { headers }));
      },
    },
    "drop a dataset that may be read": {
      expected: { unable: "permission_denied", able: "ok +" },
      run: async (transport, headers) => {
        await drain(flight(transport).doAction({ type: "drop_dataset", body: utf8("open/a") }, { headers }));
      },
    },
    "any other": {
      expected: { unable: "permission_denied", able: "unimplemented" },
      run: async (transport, headers) => await drain(flight(transport).doAction({ type: "compact" }, { headers })),
    },
  },
  listActions: {
    all: {
      expected: { unable: "ok" },
      run: async (transport, headers) => await drain(flight(transport).listActions({}, { headers })),
    },
  },
};

async function* nothing(): AsyncGenerator<{ payload: Uint8Array<ArrayBuffer> }> {}

const datasets = (transport: Transport): Client<typeof DatasetService> => createClient(DatasetService, transport);

const datasetCalls: Calls<typeof DatasetService> = {
  listDatasets: {
    all: {
      expected: { unable: "ok open/a", able: "ok open/a secret/a secret/b" },
      run: async (transport, headers) => {
        const page = await datasets(transport).listDatasets({}, { headers });
        return page.datasets.map(({ name }) => name).join(" ");
      },
    },
    "a page of one": {
      expected: { unable: "ok open/a", able: "ok open/a and more" },
      run: async (transport, headers) => {
        const page = await datasets(transport).listDatasets({ pageSize: 1 }, { headers });
        return page.datasets.map(({ name }) => name).join(" ") + (page.nextPageToken === "" ? "" : " and more");
      },
    },
  },
  getDataset: {
    "a dataset": {
      expected: { unable: "not_found" },
      run: async (transport, headers) => void (await datasets(transport).getDataset({ name: "secret/a" }, { headers })),
    },
    "its statistics": {
      expected: { unable: "not_found" },
      byProxy: { able: "unimplemented" },
      run: async (transport, headers) => {
        await datasets(transport).getDataset({ name: "secret/a", statistics: true }, { headers });
      },
    },
  },
  previewRows: {
    "a dataset": {
      expected: { unable: "not_found" },
      byProxy: { unable: "unimplemented", able: "unimplemented" },
      run: async (transport, headers) =>
        void (await datasets(transport).previewRows({ name: "secret/a" }, { headers })),
    },
  },
  describeServer: {
    it: {
      expected: { unable: "ok" },
      run: async (transport, headers) => void (await datasets(transport).describeServer({}, { headers })),
    },
  },
  dropDataset: {
    "a dataset that is hidden": {
      expected: { unable: "not_found", able: "ok +" },
      run: async (transport, headers) => {
        await datasets(transport).dropDataset({ name: "secret/a" }, { headers });
      },
    },
    "a dataset that may be read": {
      expected: { unable: "permission_denied", able: "ok +" },
      run: async (transport, headers) => void (await datasets(transport).dropDataset({ name: "open/a" }, { headers })),
    },
  },
};

const healthCalls: Calls<typeof Health> = {
  check: {
    "the server": {
      expected: { unknown: "ok", unable: "ok" },
      run: async (transport, headers) => void (await createClient(Health, transport).check({}, { headers })),
    },
  },
  watch: {
    "the server": {
      expected: { unknown: "ok", unable: "ok" },
      run: async (transport, headers) => {
        for await (const _ of createClient(Health, transport).watch({}, { headers })) break;
      },
    },
  },
};

const question = { messageRequest: { case: "listServices", value: "" } } as const;

async function* questions(): AsyncGenerator<typeof question> {
  yield question;
}

const reflectionCalls: Calls<typeof ServerReflection> = {
  serverReflectionInfo: {
    "the services": {
      expected: { unable: "permission_denied" },
      run: async (transport, headers) => {
        await drain(createClient(ServerReflection, transport).serverReflectionInfo(questions(), { headers }));
      },
    },
  },
};

const reflectionV1AlphaCalls: Calls<typeof ServerReflectionV1Alpha> = {
  serverReflectionInfo: {
    "the services": {
      expected: { unable: "permission_denied" },
      run: async (transport, headers) => {
        await drain(createClient(ServerReflectionV1Alpha, transport).serverReflectionInfo(questions(), { headers }));
      },
    },
  },
};

const unserved: Expected = { unknown: "unimplemented", unable: "unimplemented", able: "unimplemented" };

/** Streams carry all other calls: the call inside is authenticated too. */
const duplexCalls: Calls<typeof DuplexService> = {
  open: {
    "a stream whose call has no credentials of its own": {
      // What a browser or a proxy sends with Open counts for the call inside.
      expected: { unknown: "ok unauthenticated", unable: "ok let in", able: "ok let in" },
      byStream: unserved,
      run: async (transport, headers) => {
        // What is not valid is refused before the stream is opened.
        const options = { path: "/arrow.flight.protocol.FlightService/ListFlights", headers: [grpc, soon] };
        for await (const { event } of createClient(DuplexService, transport).open(options, { headers })) {
          const fields =
            event.case === "head" ? event.value.headers : event.case === "trailer" ? event.value.trailers : [];
          const status = fields.find(({ name }) => name === "grpc-status");
          if (status !== undefined) return status.value === "16" ? "unauthenticated" : "let in";
        }
        return "no answer";
      },
    },
  },
};

/** Without it, a call that is let in waits for its request. */
const soon = { name: "grpc-timeout", value: "100m" };
const grpc = { name: "content-type", value: "application/grpc" };

const services = ["Flight", "Dataset", "Health", "Reflection", "ReflectionV1Alpha", "Duplex"];

/** Every call of every service, by its name. */
export const calls: ReadonlyMap<string, Call> = new Map(
  [flightCalls, datasetCalls, healthCalls, reflectionCalls, reflectionV1AlphaCalls, duplexCalls].flatMap((methods, i) =>
    Object.entries(methods).flatMap(([method, byWhat]: [string, Record<string, Call>]) =>
      Object.entries(byWhat).map(([what, call]) => [`${services[i]}.${method} (${what})`, call] as const),
    ),
  ),
);

/** Runs a call. */
export async function outcomeOf(run: () => Promise<string | void>): Promise<Outcome> {
  try {
    const given = await run();
    return given === undefined || given === "" ? "ok" : `ok ${given}`;
  } catch (reason) {
    return Code[ConnectError.from(reason).code].replace(/(?<=[a-z])[A-Z]/g, (c) => `_${c}`).toLowerCase();
  }
}
