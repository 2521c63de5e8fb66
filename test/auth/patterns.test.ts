import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createToken, type AccessConfig } from "../../src/auth/index.ts";
import { createPathDescriptor } from "../../src/flight/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { DatasetService } from "../../src/gen/hangar/v1/dataset_service_pb.ts";
import { serveGuardedProxy, serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";
import { waysIn } from "./ways-in.ts";

/** A pattern stands for the datasets that the caller may read, whatever else it matches. */

const token = createToken();
const config: AccessConfig = {
  anonymous: "none",
  tokens: [{ name: "caller", sha256: token.sha256 }],
  // As text, "*/a*" is matched by these rights; as a pattern, it matches more.
  rules: [{ subjects: ["caller"], rights: ["read", "replace", "drop"], datasets: ["*/a"] }],
};
const headers = { authorization: `Bearer ${token.token}` };

let server: GuardedServer;
let upstream: GuardedServer;
let proxy: GuardedServer;
beforeAll(async () => {
  server = await serveGuardedStore(config);
  upstream = await serveGuardedStore();
  proxy = await serveGuardedProxy(upstream, config);
});
afterAll(async () => {
  for (const each of [server, proxy, upstream]) await each[Symbol.asyncDispose]();
});

const datasets = (of: GuardedServer) => createClient(DatasetService, waysIn.Connect(of));
const flight = (of: GuardedServer) => createClient(FlightService, waysIn.gRPC(of));

test.each([
  ["**", 24n],
  ["secret/*", 12n],
  ["secret/{a,b}*", 12n],
])("%s has the rows that the caller may read, by every way in", async (name, rowCount) => {
  const info = await flight(server).getFlightInfo(createPathDescriptor(name.split("/")), { headers });
  expect(info.totalRecords).toBe(rowCount);
  const { dataset } = await datasets(server).getDataset({ name }, { headers });
  expect(dataset?.rows).toBe(rowCount);
  const { rows } = await datasets(server).previewRows({ name, limit: 100 }, { headers });
  expect(rows).toHaveLength(Number(rowCount));
  const csv = await fetch(`http://127.0.0.1:${server.port}/datasets/${name}?format=csv`, { headers });
  expect((await csv.text()).trim().split("\n")).toHaveLength(Number(rowCount) + 1);
});

test("a pattern of hidden datasets is as one that matches nothing", async () => {
  const answerOf = async (name: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/datasets/${name}`, { headers });
    return [response.status, (await response.text()).replaceAll(name, "NAME")];
  };
  expect(await answerOf("secret/b*")).toEqual(await answerOf("secret/z*"));
});

test("rights on a name with a star are no rights on what it matches, before another server", async () => {
  const code = async (call: Promise<unknown>): Promise<Code | undefined> =>
    await call.then(
      () => undefined,
      (reason: unknown) => ConnectError.from(reason).code,
    );
  const descriptor = createPathDescriptor(["*", "a"]);
  expect(await code(flight(proxy).getFlightInfo(descriptor, { headers }))).toBe(Code.PermissionDenied);
  expect(await code(datasets(proxy).getDataset({ name: "*/a" }, { headers }))).toBe(Code.PermissionDenied);
  expect(await code(flight(server).getFlightInfo(descriptor, { headers }))).toBe(undefined);
});
