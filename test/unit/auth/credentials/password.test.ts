import { expect, test } from "vitest";
import { hashPassword, isPassword, parsePasswordHash } from "../../../../src/auth/credentials/password.ts";
import { createToken, sha256 } from "../../../../src/auth/credentials/token.ts";

test("a hash is of its password alone, and differs each time", async () => {
  const [first, second] = [await hashPassword("correct horse"), await hashPassword("correct horse")];
  expect(first).not.toBe(second);
  expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(await isPassword("correct horse", parsePasswordHash(first))).toBe(true);
  expect(await isPassword("correct horsf", parsePasswordHash(first))).toBe(false);
});

test("a password is the same whichever way its accents are written", async () => {
  const hash = parsePasswordHash(await hashPassword("caf\u00e9"));
  expect(await isPassword("cafe\u0301", hash)).toBe(true);
});

test("reads a hash that another implementation has made", async () => {
  // Source: RFC 7914, section 12, the second vector.
  const key = "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA";
  const vector = `$scrypt$ln=10,r=8,p=16$${Buffer.from("NaCl".padEnd(4)).toString("base64").replace(/=/g, "")}$${key}`;
  // Its salt is shorter than we take.
  expect(() => parsePasswordHash(vector)).toThrow("too short");
  const salt = Buffer.from("NaCl");
  const hash = Buffer.from(key, "base64");
  expect(await isPassword("password", { ln: 10, r: 8, p: 16, salt, hash })).toBe(true);
});

test.each([
  ["another scheme", "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"],
  ["the password itself", "hunter2"],
  ["too much memory", "$scrypt$ln=25,r=8,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g"],
  ["too much time", "$scrypt$ln=10,r=8,p=99$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g"],
  ["no blocks", "$scrypt$ln=10,r=0,p=1$c2FsdHNhbHRzYWx0$aGFzaGhhc2hoYXNoaGFzaGhhc2g"],
])("refuses a hash that is %s, without repeating it", (_what, text) => {
  expect(() => parsePasswordHash(text)).toThrow("the hash of a password cannot be read");
  try {
    parsePasswordHash(text);
  } catch (reason) {
    expect((reason as Error).message).not.toContain(text);
  }
});

test("a token is random, and its SHA-256 is what a configuration has", () => {
  const [one, other] = [createToken(), createToken()];
  expect(one.token).toMatch(/^hangar_[\w-]{43}$/);
  expect(one.token).not.toBe(other.token);
  expect(one.sha256).toBe(sha256(one.token).toString("hex"));
});
