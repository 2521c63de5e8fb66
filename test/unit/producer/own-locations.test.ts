import { describe, expect, test } from "vitest";
import { ownLocations } from "../../../src/producer/index.ts";
import { createTestContext } from "../../contract/call-context.ts";

const grpc = { "content-type": "application/grpc" };

test.each([
  ["http://127.0.0.1:8815", "grpc+tcp://127.0.0.1:8815"],
  ["http://0.0.0.0:8815/some/path", "grpc+tcp://0.0.0.0:8815"],
  ["http://[::1]:8815", "grpc+tcp://[::1]:8815"],
  ["http://flights.example", "grpc+tcp://flights.example:80"],
  ["https://flights.example", "grpc+tls://flights.example:443"],
  ["https://flights.example:8815", "grpc+tls://flights.example:8815"],
])("a client that reached %s is told %s", (origin, location) => {
  expect(ownLocations(createTestContext({ origin, header: grpc }))).toEqual([location]);
});

describe("the location that is advertised is told in the place of the one that was reached", () => {
  const advertised = "grpc+tls://flights.example:443";
  test.each<[header: Record<string, string>, more: string[]]>([
    [grpc, []],
    [{ "content-type": "application/grpc+proto" }, []],
    [{ "content-type": "application/grpc-web+proto" }, ["arrow-flight-reuse-connection://?"]],
    [{ "content-type": "application/json" }, ["arrow-flight-reuse-connection://?"]],
    [{}, ["arrow-flight-reuse-connection://?"]],
  ])("with the headers %j", (header, more) => {
    expect(ownLocations(createTestContext({ header }), advertised)).toEqual([advertised, ...more]);
  });
});
