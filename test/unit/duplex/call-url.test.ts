import { expect, test } from "vitest";
import { splitCallUrl } from "../../../src/duplex/index.ts";

test.each([
  ["https://a.example/p.Service/Get", "https://a.example", "/p.Service/Get"],
  ["http://a.example:8815/p.Service/Get?x=/y", "http://a.example:8815", "/p.Service/Get"],
  ["https://a.example/hangar/b/p.Service/Get", "https://a.example/hangar/b", "/p.Service/Get"],
])("%s", (url, base, path) => {
  expect(splitCallUrl(url)).toEqual({ base, path });
});
