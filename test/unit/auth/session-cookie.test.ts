import { expect, test } from "vitest";
import { formatCookie, readCookie } from "../../../src/auth/index.ts";

const read = (cookie: string, isSecure: boolean): string | undefined =>
  readCookie(new Headers({ cookie }), "hangar-session", isSecure);

test("a cookie is for this host alone where it can be", () => {
  expect(formatCookie("hangar-session", "x", { isSecure: true, seconds: 60 })).toBe(
    "__Host-hangar-session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
  );
  expect(formatCookie("hangar-session", "", { isSecure: false, seconds: 0 })).toBe(
    "hangar-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
  );
});

test.each([
  ["a=1; hangar-session=x; b=2", false, "x"],
  ["hangar-session=first; hangar-session=second", false, "first"],
  ["hangar-session=x", true, undefined],
  ["hangar-session=x; __Host-hangar-session=y", true, "y"],
  ["hangar-session=x; __Host-hangar-session=y", false, "y"],
  ["other-hangar-session=x; hangar-session", false, undefined],
])("%s, under https %s: %s", (cookie, isSecure, value) => expect(read(cookie, isSecure)).toBe(value));

test("no cookie", () => expect(readCookie(new Headers(), "hangar-session", false)).toBeUndefined());
