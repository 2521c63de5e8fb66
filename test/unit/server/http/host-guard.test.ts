import { describe, expect, test } from "vitest";
import { judgeHost, normalizeHost } from "../../../../src/server/http/host-guard.ts";

const judge = (host: string | undefined, localAddress = "10.1.2.3", allowed: string[] = []) =>
  judgeHost(host, localAddress, new Set(allowed)).kind;

describe("judgeHost", () => {
  test.each([
    "localhost",
    "localhost:8815",
    "LOCALHOST:8815",
    "hangar.localhost:8815",
    "127.0.0.1:8815",
    "127.9.9.9",
    "[::1]:8815",
    "0.0.0.0:8815",
    "[::]:8815",
    "10.1.2.3:8815",
  ])("lets %s pass", (host) => {
    expect(judge(host)).toBe("allowed");
  });

  test.each(["evil.example", "10.1.2.4:8815", "localhost.evil.example", "127.0.0.1.evil.example", "[::2]"])(
    "holds %s to be foreign",
    (host) => {
      expect(judge(host)).toBe("foreign");
    },
  );

  test.each([
    undefined,
    "",
    "foo|bar",
    "a:99999",
    "a:b",
    "a/b",
    "u@a",
    "a b",
    "a,b",
    "[::1",
    "a?b",
    "a#b",
    "a\\b",
    ":80",
  ])("holds %j to be malformed", (host) => {
    expect(judge(host)).toBe("malformed");
  });

  test.each([
    ["[2001:DB8:0::1]", "[2001:db8::1]:8815"],
    ["2001:db8::1", "[2001:db8:0:0::1]"],
    ["Flights.Example", "flights.example:1"],
  ])("lets %s, that was allowed, pass as %s", (allowed, host) => {
    expect(judge(host, "10.1.2.3", [normalizeHost(allowed)])).toBe("allowed");
  });

  test("lets a link-local address of the server pass, whose zone no authority has", () => {
    expect(judge("[fe80::1]:8815", "fe80::1%eth0")).toBe("allowed");
  });

  test("lets names pass that were allowed, whatever their port and case", () => {
    expect(judge("Flights.Example:1", "10.1.2.3", ["flights.example"])).toBe("allowed");
    expect(judge("anything.example", "10.1.2.3", ["*"])).toBe("allowed");
  });

  test("knows its own IPv4 address on an IPv6 socket", () => {
    expect(judge("10.1.2.3", "::ffff:10.1.2.3")).toBe("allowed");
  });
});
