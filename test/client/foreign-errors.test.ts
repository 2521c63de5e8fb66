import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect as connectByFetch, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { createFrame, createPathDescriptor } from "../../src/flight/index.ts";
import { startBehindProxy, startPyarrowMemory, type TestServer } from "../support/server.ts";
import { framesOf } from "./scenario-producer.ts";

let proxy: TestServer;
let server: TestServer;
beforeAll(async () => {
  server = await startPyarrowMemory();
  proxy = await startBehindProxy(startPyarrowMemory);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

// What the server adds to its error stands where gRPC has a status of its own, and says OK if it is read as one.
const ticket = { ticket: new TextEncoder().encode("fail") };
const clients: readonly (readonly [string, () => DatasetClient])[] = [
  ["of Node, by gRPC", () => connect(server.location)],
  ["of Node, by gRPC through the proxy", () => connect(proxy.url)],
  ["of Node, by gRPC-Web through the proxy", () => connect(proxy.url, { protocol: "grpc-web" })],
  ["of Node, by Connect through the proxy", () => connect(proxy.url, { protocol: "connect" })],
  ["of a page, through the proxy", () => connectByFetch(proxy.url)],
];

describe.each(clients)("an error of a C++ server with bytes of its own reaches the client %s", (_title, open) => {
  const failure = { code: "unavailable", message: expect.stringContaining("failed as it was told: 100 %") };

  test("from a get", async () => {
    const client = open();
    await expect(Array.fromAsync(client.flight.doGet(ticket))).rejects.toMatchObject(failure);
    client.close();
  });

  test("from an exchange", async () => {
    const client = open();
    const frames = framesOf(1).map((frame) => createFrame({ ...frame, descriptor: createPathDescriptor(["fail"]) }));
    await expect(Array.fromAsync(client.flight.doExchange(frames))).rejects.toMatchObject(failure);
    client.close();
  });
});
