import { describe, expect, test } from "vitest";
import { toOrigin, TrustedProxies } from "../../../../src/server/http/origin.ts";

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
    expect(toOrigin(reached).origin).toBe(origin);
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
