import { describe, expect, test } from "vitest";
import { clientOf, toOrigin, TrustedProxies } from "../../../../src/server/http/origin.ts";

const authority = "localhost:8815";

describe("toOrigin", () => {
  test.each([
    [{ isEncrypted: false, authority }, "http://localhost:8815"],
    [{ isEncrypted: true, authority }, "https://localhost:8815"],
    [
      { isEncrypted: false, authority, forwarded: { proto: "https", host: "flights.example" } },
      "https://flights.example",
    ],
    [{ isEncrypted: false, authority, forwarded: { proto: "https, http", host: undefined } }, "https://localhost:8815"],
    [{ isEncrypted: false, authority, forwarded: { proto: undefined, host: "a b" } }, "http://localhost:8815"],
  ])("of %j is %s", (reached, origin) => {
    expect(toOrigin({ ...reached, basePath: "" }).href).toBe(`${origin}/`);
    expect(toOrigin({ ...reached, basePath: "/hangar" }).href).toBe(`${origin}/hangar/`);
  });
});

describe("TrustedProxies", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "192.168.1.1", "::1"]);

  test.each([
    ["10.9.9.9", true],
    ["192.168.1.1", true],
    ["::1", true],
    ["192.168.1.2", false],
    ["::2", false],
    [undefined, false],
  ])("has %s: %s", (address, isTrusted) => {
    expect(proxies.has(address)).toBe(isTrusted);
  });

  test.each(["nonsense", "10.0.0.0/99"])("refuses %s", (entry) => {
    expect(() => new TrustedProxies([entry])).toThrow(`${entry} is neither an address nor a subnet`);
  });
});

describe("the client that trusted proxies name", () => {
  const proxies = new TrustedProxies(["10.0.0.0/8", "2001:db8::/32"]);

  test.each([
    ["203.0.113.1", "203.0.113.1"],
    ["9.9.9.9, 203.0.113.1", "203.0.113.1"],
    ["203.0.113.1,10.0.0.2 , 10.0.0.3", "203.0.113.1"],
    ["10.0.0.4, 10.0.0.3", "10.0.0.4"],
    ["203.0.113.1:4711", "203.0.113.1"],
    ["[::1]:4711", "::1"],
    ["203.0.113.1, [2001:db8::2]", "203.0.113.1"],
    ["fe80::1", "fe80::1"],
    ["203.0.113.1, nonsense", undefined],
    ["203.0.113.1, nonsense, 10.0.0.3", "10.0.0.3"],
    ["", undefined],
    [undefined, undefined],
  ])("of %j is %s", (header, client) => {
    expect(clientOf(header, proxies)).toBe(client);
  });
});
