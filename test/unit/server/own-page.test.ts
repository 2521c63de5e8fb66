import { expect, test } from "vitest";
import { createOwnPageCheck, hasAmbientCredentials } from "../../../src/server/http/own-page.ts";

const check = createOwnPageCheck(["https://app.example", "*"]);
const self = new URL("https://flights.example:8815");

const page = (site: string | undefined, origin: string | undefined): Headers =>
  new Headers({ ...(site && { "sec-fetch-site": site }), ...(origin && { origin }) });

test.each([
  ["its own, by Sec-Fetch-Site", page("same-origin", "https://flights.example:8815")],
  ["the user's own doing", page("none", undefined)],
  ["its own behind a proxy that changes the host", page("same-origin", "https://elsewhere.example")],
  ["its own, by Origin", page(undefined, "https://flights.example:8815")],
  ["a listed origin", page("cross-site", "https://app.example")],
  ["no browser", page(undefined, undefined)],
])("may act: %s", (_, header) => expect(() => check(header, self)).not.toThrow());

test.each([
  ["another site", page("cross-site", "https://evil.example")],
  ["another port of this host", page("same-site", "https://flights.example:9")],
  ["another port of this host, by Origin", page(undefined, "https://flights.example:9")],
  ["a page without an origin", page(undefined, "null")],
  ["a sandboxed page", page("cross-site", "null")],
  ["another site that hides its origin", page("cross-site", undefined)],
  ["a listed host by another scheme", page("cross-site", "http://app.example")],
  ["no URL", page(undefined, "flights.example:8815")],
])("may not act: %s", (_, header) =>
  expect(() => check(header, self)).toThrow(expect.objectContaining({ code: "permission_denied" })),
);

test("an error repeats a long origin in part", () => {
  const long = `https://${"a".repeat(2000)}.example`;
  expect(() => check(page("cross-site", long), self)).toThrow(/a…a/);
});

test.each([
  [{ cookie: "a=b" }, undefined, true],
  [{ cookie: "a=b", authorization: "Bearer x" }, undefined, false],
  [{ cookie: "a=b", "auth-token-bin": "eA" }, undefined, false],
  [{}, "untrusted", true],
  [{}, undefined, false],
])("what a browser adds by itself: %o, with certificate %o: %s", (header, certificate, isAmbient) =>
  expect(hasAmbientCredentials(new Headers(header as Record<string, string>), certificate)).toBe(isAmbient),
);
