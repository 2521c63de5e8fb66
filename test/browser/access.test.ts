import { afterAll, beforeAll, describe } from "vitest";
import { commands } from "vitest/browser";
import { connect } from "../../src/client/index.ts";
import { describeAccess } from "../auth/access-suite.ts";

let url: string;
beforeAll(async () => {
  url = await commands.startAccess();
});
afterAll(() => commands.stopProxied(url));

describe.each(["grpc-web", "connect"] as const)("our client in Chromium, over %s", (protocol) => {
  describeAccess((options) => connect(url, { ...options, protocol }));
});
