import { afterAll, beforeAll, describe } from "vitest";
import { commands } from "vitest/browser";
import { connect } from "../../src/client/index.ts";
import { describeGrpcWeb } from "../client/grpc-web-suite.ts";
import type { PageServer, Route } from "./routes.ts";

// A page is of another origin than each server, so all of this is CORS as well.
describe.each<Route>(["HTTP/1.1", "HTTP/2 with TLS"])("in Chromium over %s,", (route) => {
  let server: PageServer;
  beforeAll(async () => {
    server = await commands.startServer();
  });
  afterAll(() => commands.stopServer(server.id));

  describeGrpcWeb(() => ({ client: connect(server.urls[route]), url: server.urls[route] }));
});
