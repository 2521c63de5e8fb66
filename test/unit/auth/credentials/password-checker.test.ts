import { randomBytes, scryptSync } from "node:crypto";
import { expect, test } from "vitest";
import { PasswordChecker } from "../../../../src/auth/credentials/password-checker.ts";
import { ExpiringCache } from "../../../../src/auth/credentials/expiring-cache.ts";

const encode = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");

/** A hash that takes some milliseconds. */
function hashOf(password: string): string {
  const salt = randomBytes(16);
  return `$scrypt$ln=12,r=8,p=1$${encode(salt)}$${encode(scryptSync(password, salt, 32, { N: 4096, r: 8, p: 1 }))}`;
}

test("a crowd of different wrong passwords is bounded, and the others are told to try again", async () => {
  const checker = new PasswordChecker([{ name: "ann", password: hashOf("right") }]);
  const checks = Array.from({ length: 100 }, (_, i) => checker.check("ann", `wrong ${i}`));
  const settled = await Promise.allSettled(checks);
  const refused = settled.filter(({ status }) => status === "rejected");
  expect(refused).toHaveLength(100 - 34);
  for (const { reason } of refused as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ code: "resource_exhausted" });
  }
  expect(settled.some((each) => each.status === "fulfilled" && each.value)).toBe(false);
  expect(await checker.check("ann", "right")).toBe(true);
});

test("the same password at once and again is checked once", async () => {
  const checker = new PasswordChecker([{ name: "ann", password: hashOf("right") }]);
  // Each of them would take a place of its own.
  const atOnce = await Promise.all(Array.from({ length: 1000 }, () => checker.check("ann", "right")));
  expect(new Set(atOnce)).toEqual(new Set([true]));
  expect(await checker.check("ann", "right")).toBe(true);
  expect(await checker.check("ann", "wrong")).toBe(false);
});

test("a user whom there is not is checked as well", async () => {
  const checker = new PasswordChecker([{ name: "ann", password: hashOf("right") }]);
  expect(await checker.check("bob", "right")).toBe(false);
});

test("a cache keeps so many, each for its time", () => {
  let now = 1000;
  const cache = new ExpiringCache<string>(2, () => now);
  cache.set("a", "A", 2000);
  cache.set("b", "B", 3000);
  expect([cache.get("a"), cache.get("b")]).toEqual(["A", "B"]);
  now = 2000;
  expect([cache.get("a"), cache.get("b")]).toEqual([undefined, "B"]);
  cache.set("c", "C", 9000);
  cache.set("d", "D", 9000);
  expect([cache.get("b"), cache.get("c"), cache.get("d")]).toEqual([undefined, "C", "D"]);
});
