import { expect, test } from "vitest";
import { locationFromOrigin } from "../../../src/producer/index.ts";

test.each([
  ["http://127.0.0.1:8815", "grpc+tcp://127.0.0.1:8815"],
  ["http://0.0.0.0:8815/some/path", "grpc+tcp://0.0.0.0:8815"],
  ["http://[::1]:8815", "grpc+tcp://[::1]:8815"],
  ["http://flights.example", "grpc+tcp://flights.example:80"],
  ["https://flights.example", "grpc+tls://flights.example:443"],
  ["https://flights.example:8815", "grpc+tls://flights.example:8815"],
])("a client that reached %s is told %s", (origin, location) => {
  expect(locationFromOrigin(new URL(origin))).toBe(location);
});
