import { createRequire } from "node:module";
import { afterAll, beforeAll } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startProgram, type TestServer } from "../support/server.ts";
import { describeGrpcWeb } from "./grpc-web-suite.ts";

let server: TestServer;
beforeAll(async () => {
  // Google's client calls by what a page has.
  Object.assign(globalThis, { XMLHttpRequest: createRequire(import.meta.url)("xhr2") as unknown });
  server = await startProgram("../client/serve-scenario.ts");
});
afterAll(() => server[Symbol.asyncDispose]());

describeGrpcWeb(() => ({ client: connect(server.location), url: server.url }));
