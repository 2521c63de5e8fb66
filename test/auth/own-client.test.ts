import { afterAll, beforeAll, describe } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startProgram, type TestServer } from "../support/server.ts";
import { describeAccess } from "./access-suite.ts";

let server: TestServer;
beforeAll(async () => void (server = await startProgram("../auth/serve-access.ts")));
afterAll(() => server[Symbol.asyncDispose]());

describe("our client in Node", () => {
  describeAccess((options) => connect(server.location, options));
});
