import { expect, test } from "vitest";
import { ambientCredentialsOf, createForgeryCheck, createOwnPageCheck } from "../../../../src/server/http/own-page.ts";

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

const basic = { authorization: "Basic eDp5" };

test.each([
  [{ cookie: "a=b" }, undefined, "session"],
  [{ cookie: "a=b", authorization: "Bearer x" }, undefined, "none"],
  [{ cookie: "a=b", authorization: "bearer x" }, undefined, "none"],
  [{ cookie: "a=b", "auth-token-bin": "eA" }, undefined, "none"],
  [basic, undefined, "password"],
  [{ authorization: "basic eDp5" }, undefined, "password"],
  [{ ...basic, "auth-token-bin": "eA" }, undefined, "password"],
  [{ authorization: "Negotiate x" }, undefined, "password"],
  [{}, "untrusted", "session"],
  [{}, undefined, "none"],
])("what a browser adds by itself: %o, with certificate %o: %s", (header, certificate, ambient) =>
  expect(ambientCredentialsOf(new Headers(header as Record<string, string>), certificate)).toBe(ambient),
);

test.each([
  ["a password", [], { ...basic, origin: "https://evil.example" }, "refused"],
  [
    "a password, beside a listed origin",
    ["https://app.example"],
    { ...basic, "sec-fetch-site": "cross-site" },
    "refused",
  ],
  ["a password, of a listed origin", ["https://app.example"], { ...basic, origin: "https://app.example" }, "allowed"],
  ["a password, where every page may call", ["*"], { ...basic, origin: "https://evil.example" }, "allowed"],
  ["a password, without a browser", [], basic, "allowed"],
  ["a cookie, where every page may call", ["*"], { cookie: "a=b", origin: "https://evil.example" }, "refused"],
  ["a token", [], { authorization: "Bearer x", origin: "https://evil.example" }, "allowed"],
])("a request with %s, listed %o", (_, listed, header, outcome) => {
  const assertNotForged = createForgeryCheck(listed, createOwnPageCheck(listed));
  const act = (): void => assertNotForged(new Headers(header), self, undefined);
  if (outcome === "allowed") expect(act).not.toThrow();
  else expect(act).toThrow(expect.objectContaining({ code: "permission_denied" }));
});
