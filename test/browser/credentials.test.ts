import { afterAll, beforeAll, describe } from "vitest";
import { commands } from "vitest/browser";
import { connect } from "../../src/client/index.ts";
import { describeCredentials } from "../client/credentials-suite.ts";

let url: string;
beforeAll(async () => {
  url = await commands.startCredentials();
});
afterAll(() => commands.stopCredentials(url));

describe.each(["grpc-web", "connect"] as const)("credentials in Chromium, over %s", (protocol) => {
  describeCredentials({ connect: (options) => connect(url, { ...options, protocol }), isDuplex: true });
});
