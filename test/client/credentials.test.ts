import { afterAll, beforeAll, describe } from "vitest";
import { connect as connectByFetch, type CredentialOptions, type DatasetClient } from "../../src/client/index.ts";
import { connect } from "../../src/client-node/index.ts";
import { startProgram, type TestServer } from "../support/server.ts";
import { describeCredentials } from "./credentials-suite.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startProgram("../client/serve-credentials.ts");
});
afterAll(() => server[Symbol.asyncDispose]());

const ways: Record<string, (options: CredentialOptions) => DatasetClient> = {
  gRPC: (options) => connect(server.url, options),
  "gRPC-Web over HTTP/2": (options) => connect(server.url, { ...options, protocol: "grpc-web" }),
  "Connect over HTTP/2": (options) => connect(server.url, { ...options, protocol: "connect" }),
  "gRPC-Web by fetch": (options) => connectByFetch(server.url, options),
  "Connect by fetch": (options) => connectByFetch(server.url, { ...options, protocol: "connect" }),
};

describe.each(Object.entries(ways))("credentials over %s", (title, connectBy) => {
  describeCredentials({ connect: connectBy, isDuplex: title.includes("fetch") });
});
