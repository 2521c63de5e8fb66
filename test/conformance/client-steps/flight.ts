import { create, toBinary } from "@bufbuild/protobuf";
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { Table } from "apache-arrow";
import { expect } from "vitest";
import { createCommandDescriptor } from "../../../src/flight/index.ts";
import { decodeBatches, type DatasetClient } from "../../../src/client/index.ts";
import {
  BasicAuthSchema,
  CancelStatus,
  CloseSessionResult_Status as CloseStatus,
  SetSessionOptionsResult_ErrorValue as ErrorValue,
  type FlightEndpoint,
} from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { fromUtf8 } from "../scenarios/arrow.ts";
import { collect, columnOf, type ClientSteps } from "./checks.ts";

/** Without a token there is no call; a handshake gives one. */
export const authBasicProto: ClientSteps = async ({ flight }) => {
  await expect(collect(flight.doAction({}))).rejects.toMatchObject({ code: "unauthenticated" });
  const payload = toBinary(BasicAuthSchema, create(BasicAuthSchema, { username: "arrow", password: "flight" }));
  const [answer] = await collect(flight.handshake([{ payload }]));
  const headers = { "auth-token-bin": btoa(fromUtf8(answer!.payload)) };
  const results = await collect(flight.doAction({}, { headers }));
  expect(results.map(({ body }) => fromUtf8(body))).toEqual(["arrow"]);
};

/** A header comes back in the answer's headers, of a call that fails as well. */
export const middleware: ClientSteps = async ({ flight }) => {
  const received: (string | null)[] = [];
  const options = {
    headers: { "x-middleware": "expected value" },
    onHeader: (header: Headers) => void received.push(header.get("x-middleware")),
  };
  await expect(flight.getFlightInfo(createCommandDescriptor(""), options)).rejects.toMatchObject({ code: "unknown" });
  expect(received).toEqual(["expected value"]);
  await flight.getFlightInfo(createCommandDescriptor("success"), options);
  expect(received).toEqual(["expected value", "expected value"]);
};

/** The endpoints of an ordered flight give its rows in their order. */
export const ordered: ClientSteps = async (client) => {
  const info = await client.flight.getFlightInfo(createCommandDescriptor("ordered"));
  expect(info.ordered).toBe(true);
  expect(await readEndpoints(client, info.endpoint)).toEqual([
    [1, 2, 3],
    [10, 20, 30],
    [100, 200, 300],
  ]);
};

/** All endpoints are read, of which the first has no time of its end. */
export const expiringGet: ClientSteps = async (client) => {
  const { endpoint } = await client.flight.getFlightInfo(expiring);
  expect(endpoint.map(({ expirationTime }) => expirationTime !== undefined)).toEqual([false, true, true]);
  expect(await readEndpoints(client, endpoint)).toEqual([[0], [1], [2]]);
};

/** The actions on flights and endpoints are listed. */
export const expiringActions: ClientSteps = async ({ flight }) => {
  const actions = await collect(flight.listActions());
  expect(actions.map(({ type }) => type).sort()).toEqual(["CancelFlightInfo", "RenewFlightEndpoint"]);
};

/** No endpoint of a cancelled flight can be read. */
export const expiringCancel: ClientSteps = async ({ flight }) => {
  const info = await flight.getFlightInfo(expiring);
  expect(info.endpoint).toHaveLength(3);
  expect(await flight.cancelFlightInfo(info)).toBe(CancelStatus.CANCELLED);
  for (const { ticket } of info.endpoint) {
    await expect(collect(flight.doGet(ticket!))).rejects.toMatchObject({ name: "FlightError" });
  }
};

/** An endpoint that is renewed ends later. */
export const expiringRenew: ClientSteps = async ({ flight }) => {
  const { endpoint: endpoints } = await flight.getFlightInfo(expiring);
  const ending = endpoints.filter(({ expirationTime }) => expirationTime !== undefined);
  expect(ending).toHaveLength(2);
  for (const endpoint of ending) {
    const renewed = await flight.renewFlightEndpoint(endpoint);
    expect(timestampMs(renewed.expirationTime!)).toBeGreaterThan(timestampMs(endpoint.expirationTime!));
  }
};

/** A location says that the connection in use is the one to fetch by. */
export const reuseConnection: ClientSteps = async ({ flight }) => {
  const { endpoint } = await flight.getFlightInfo(createCommandDescriptor("reuse"));
  const uris = endpoint.map(({ location }) => location.map(({ uri }) => uri));
  expect(uris).toEqual([["arrow-flight-reuse-connection://?"]]);
};

/** A long query goes on at the first poll and is done at the second. */
export const poll: ClientSteps = async ({ flight }) => {
  const first = await flight.pollFlightInfo(createCommandDescriptor("heavy query"));
  expect(first).toMatchObject({ flightDescriptor: expect.anything(), expirationTime: expect.anything() });
  expect(first.progress).toBeGreaterThanOrEqual(0);
  expect(first.progress).toBeLessThanOrEqual(1);
  const second = await flight.pollFlightInfo(first.flightDescriptor!);
  expect([second.flightDescriptor, second.expirationTime, second.progress]).toEqual([undefined, undefined, 1]);
};

/** A flight and its endpoint have application metadata. */
export const appMetadata: ClientSteps = async ({ flight }) => {
  const info = await flight.getFlightInfo(createCommandDescriptor("foobar"));
  expect(fromUtf8(info.appMetadata)).toBe("foobar");
  expect(info.endpoint.map((endpoint) => fromUtf8(endpoint.appMetadata))).toEqual(["foobar"]);
};

/** Options are set, refused, read, unset; then the session is closed. */
export const sessionOptions: ClientSteps = async ({ flight }) => {
  expect(await flight.getSessionOptions()).toEqual({});
  const list = ["a", "b", "sea", "dee", " ", "  ", "geee", "(づ｡◕‿‿◕｡)づ"];
  const errors = await flight.setSessionOptions({
    foolong: 123n,
    bardouble: 456,
    lol_invalid: "this won't get set",
    key_with_invalid_value: "lol_invalid",
    big_ol_string_list: list,
  });
  expect(errors).toEqual({
    lol_invalid: ErrorValue.INVALID_NAME,
    key_with_invalid_value: ErrorValue.INVALID_VALUE,
  });
  const kept = { bardouble: 456, big_ol_string_list: list };
  expect(await flight.getSessionOptions()).toEqual({ foolong: 123n, ...kept });
  expect(await flight.setSessionOptions({ foolong: undefined })).toEqual({});
  expect(withoutUnset(await flight.getSessionOptions())).toEqual(kept);
  expect(await flight.closeSession()).toBe(CloseStatus.CLOSED);
};

const expiring = createCommandDescriptor("expiration_time");

/** The official server keeps an option that was unset, as one without a value. */
function withoutUnset(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

/** The values of each endpoint; each is fetched from the server itself, so that it has no locations. */
async function readEndpoints({ flight }: DatasetClient, endpoints: readonly FlightEndpoint[]): Promise<number[][]> {
  const values: number[][] = [];
  for (const { location, ticket } of endpoints) {
    expect(location).toEqual([]);
    values.push(columnOf(new Table(await collect(decodeBatches(flight.doGet(ticket!), () => {})))));
  }
  return values;
}
