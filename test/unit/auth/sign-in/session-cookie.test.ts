import { expect, test } from "vitest";
import { formatCookie, readCookie } from "../../../../src/auth/index.ts";

const at = (isSecure: boolean, path = "/"): URL => new URL(path, `${isSecure ? "https" : "http"}://a.example`);
const read = (cookie: string, isSecure: boolean, path?: string): string | undefined =>
  readCookie(new Headers({ cookie }), "hangar-session", at(isSecure, path));

test("a cookie is for this host alone where it can be", () => {
  expect(formatCookie("hangar-session", "x", { base: at(true), seconds: 60 })).toBe(
    "__Host-hangar-session=x; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
  );
  expect(formatCookie("hangar-session", "", { base: at(false), seconds: 0 })).toBe(
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

test("no cookie", () => expect(readCookie(new Headers(), "hangar-session", undefined)).toBeUndefined());

test("servers below paths of one host have cookies of their own", () => {
  expect(formatCookie("hangar-session", "x", { base: at(true, "/a/b/"), seconds: 60 })).toMatch(
    /^__Host-hangar-session~a~b=x; Path=\/;/,
  );
  const cookies = "hangar-session=x; hangar-session~a=y; hangar-session~a~b=z";
  expect([read(cookies, false), read(cookies, false, "/a/"), read(cookies, false, "/a/b/")]).toEqual(["x", "y", "z"]);
  expect(read("hangar-session=x", false, "/a/")).toBeUndefined();
});
