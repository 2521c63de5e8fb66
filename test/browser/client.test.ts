import { afterAll, beforeAll, describe } from "vitest";
import { commands } from "vitest/browser";
import { connect, type DatasetClient } from "../../src/client/index.ts";
import { describeCommands, describeDatasets, describeFiles } from "../client/dataset-suite.ts";
import { describeFlight } from "../client/flight-suite.ts";
import { routes, type PageServer } from "./routes.ts";

describe.each(routes)("in Chromium, by gRPC-Web over %s", (route) => {
  let server: PageServer;
  let client: DatasetClient;
  beforeAll(async () => {
    server = await commands.startServer();
    client = connect(server.urls[route]);
  });
  afterAll(() => commands.stopServer(server.id));

  describeFlight(() => client);
  describeDatasets(() => client, { pausedGetCount: route.startsWith("HTTP/2") ? 2 : 3 });
  describeCommands(() => client);
  describeFiles(() => client);
});
