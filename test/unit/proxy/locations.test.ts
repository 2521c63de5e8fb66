import { expect, test } from "vitest";
import { chooseOrigin, planLocations } from "../../../src/proxy/locations.ts";

const own = "grpc+tcp://proxy:8815";
const rules = { upstream: "http://main:9000", allowed: new Set(["http://node2:9000", "https://node3"]), own: [own] };

const plans: [title: string, uris: string[], planned: string[]][] = [
  ["no location stays none", [], []],
  ["the upstream itself is this server", ["grpc://main:9000", "grpc+tcp://main:9000"], [own]],
  ["an unknown server is this one, and its ticket goes to the upstream", ["grpc://10.0.0.7:1"], [own]],
  ["an address that nobody can reach is this server", ["grpc://0.0.0.0:9000"], [own]],
  ["an allowed server is named behind this one", ["grpc://node2:9000"], [`${own}/?upstream=grpc%3A%2F%2Fnode2%3A9000`]],
  ["by TLS too", ["grpc+tls://node3:443"], [`${own}/?upstream=grpc%2Btls%3A%2F%2Fnode3%3A443`]],
  ["where one is allowed, those that are not are left out", ["grpc://node9:1", "grpc://main:9000"], [own]],
  [
    "what means the same connection stays",
    ["arrow-flight-reuse-connection://?"],
    ["arrow-flight-reuse-connection://?"],
  ],
  ["downloads stay", ["https://bucket.example/part?sig=1"], ["https://bucket.example/part?sig=1"]],
  ["an unknown scheme is this server", ["grpc+unix:///run/flight.sock", "ucx://a:1", "noise"], [own]],
];

test.each(plans)("%s", (_title, uris, planned) => {
  expect(planLocations(uris, rules)).toEqual(planned);
});

test("a ticket goes where the client has chosen, among those that are allowed", () => {
  expect(chooseOrigin(null, rules)).toBe("http://main:9000");
  expect(chooseOrigin("grpc://node2:9000", rules)).toBe("http://node2:9000");
  expect(chooseOrigin("grpc+tls://node3", rules)).toBe("https://node3");
  for (const choice of [
    "grpc://node2:9001",
    "grpc+tls://node2:9000",
    "grpc://node2:9000@evil:1",
    "http://node2:9000",
    "grpc://169.254.169.254:80",
    "file:///etc/passwd",
    "",
    "node2:9000",
  ]) {
    expect(() => chooseOrigin(choice, rules), choice).toThrow("does not forward to the server");
  }
});
