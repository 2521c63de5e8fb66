import { describe, expect, test } from "vitest";
import { parseServerUrl, planSources, type DataSource } from "../../../src/client/locations.ts";

describe("parseServerUrl", () => {
  test.each([
    ["grpc://host:8815", "http://host:8815/"],
    ["grpc+tcp://127.0.0.1:1", "http://127.0.0.1:1/"],
    ["grpc+tls://host", "https://host/"],
    ["grpc://[::1]:8815", "http://[::1]:8815/"],
    ["http://host:8815", "http://host:8815/"],
    ["https://host", "https://host/"],
  ])("reads %s", (text, expected) => {
    expect(parseServerUrl(text).href).toBe(expected);
  });

  test.each([
    "host:8815",
    "",
    "grpc://",
    "file:///data",
    "grpc+unix:///run/flight",
    "arrow-flight-reuse-connection://?",
  ])("refuses %j", (text) => {
    expect(() => parseServerUrl(text)).toThrow(expect.objectContaining({ code: "invalid_argument" }));
  });

  test.each(["grpc://ann:s3cret@host", "https://s3cret@host", "grpc://:s3cret@host", "host:s3cret@x"])(
    "refuses credentials, and does not repeat them: %s",
    (text) => {
      const message = "the address of a Flight server must not contain credentials";
      expect(() => parseServerUrl(text)).toThrow(expect.objectContaining({ code: "invalid_argument", message }));
    },
  );
});

test("a server below a path is known by its address with and without the path", () => {
  const own = new URL("https://flights.example/hangar/");
  const uris = ["https://flights.example/hangar/", "https://flights.example/", "grpc+tls://flights.example:443"];
  for (const uri of uris) expect(planSources([uri], own)).toEqual([{ kind: "same" }]);
  expect(planSources(["https://flights.example/other/"], own)).toMatchObject([{ kind: "download" }]);
});

describe("planSources", () => {
  const own = new URL("http://flights.example:8815/");
  const same = { kind: "same" } as const;
  const flight = (url: string): DataSource => ({ kind: "flight", url: new URL(url) });
  const download = (url: string): DataSource => ({ kind: "download", url: new URL(url) });

  test.each<[string, string[], DataSource[]]>([
    ["no location", [], [same]],
    ["the connection itself", ["arrow-flight-reuse-connection://?"], [same]],
    ["the server's own address", ["grpc+tcp://flights.example:8815"], [same]],
    ["the server's own address by HTTP", ["http://flights.example:8815/"], [same]],
    ["its own port at any address", ["grpc://0.0.0.0:8815", "grpc://[::]:8815"], [same]],
    ["another port at any address", ["grpc://0.0.0.0:99"], [flight("http://flights.example:99/")]],
    ["another server", ["grpc+tls://other:1"], [flight("https://other:1/")]],
    ["the same name with TLS", ["grpc+tls://flights.example:8815"], [flight("https://flights.example:8815/")]],
    ["a download", ["https://bucket.example/x?sig=1"], [download("https://bucket.example/x?sig=1")]],
    ["a download of its own", ["http://flights.example:8815/x"], [download("http://flights.example:8815/x")]],
    [
      "several in their order, each once",
      ["grpc://a:1", "grpc://flights.example:8815", "grpc://b:1", "grpc+tcp://a:1"],
      [flight("http://a:1/"), same, flight("http://b:1/")],
    ],
    [
      "the own one first if the connection is to be used again, and once",
      ["https://b/x", "grpc://other:1", "grpc://flights.example:8815", "arrow-flight-reuse-connection://?"],
      [same, download("https://b/x"), flight("http://other:1/")],
    ],
    [
      "each server behind a proxy once, whichever way it is named",
      [
        "grpc://flights.example:8815/?upstream=grpc%3A%2F%2Fnode1%3A1",
        "grpc://flights.example:8815/?upstream=grpc%3A%2F%2Fnode2%3A1",
        "grpc://0.0.0.0:8815/?upstream=grpc%3A%2F%2Fnode1%3A1",
        "grpc://flights.example:8815",
      ],
      [{ kind: "same", upstream: "grpc://node1:1" }, { kind: "same", upstream: "grpc://node2:1" }, same],
    ],
    [
      "each of several others once",
      ["grpc://other:1", "https://b/x", "grpc+tcp://other:1", "grpc://other:1/?upstream=u", "https://b/x"],
      [
        flight("http://other:1/"),
        download("https://b/x"),
        { ...flight("http://other:1/"), upstream: "u" } as DataSource,
      ],
    ],
    ["only what nobody knows", ["grpc+unix:///run/flight", "s3://bucket/x", "not the address"], []],
  ])("takes %s", (_what, uris, expected) => {
    expect(planSources(uris, own)).toEqual(expected);
  });
});
