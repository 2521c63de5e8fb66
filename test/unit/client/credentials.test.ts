import { expect, test } from "vitest";
import { createCredentials, type CredentialOptions } from "../../../src/client/credentials.ts";
import { replayedBytesMax } from "../../../src/client/limits.ts";
import { RequestSource } from "../../../src/client/request-source.ts";

const noExchange = (): Promise<string> => Promise.reject(new Error("nobody should ask"));

test.each<[string, CredentialOptions]>([
  ["a name without a password", { username: "ann" }],
  ["a password without a name", { password: "s3cret" }],
  ["a token and a password", { token: "s3cret", username: "ann", password: "s3cret" }],
  ["a token that ends its line", { token: "s3cret\n" }],
  ["a token outside of ASCII", { token: "s3crét" }],
  ["no token at all", { token: "" }],
])("refuses %s, without the secret in its words", (_title, options) => {
  const create = () => createCredentials(options, noExchange);
  expect(create).toThrow(expect.objectContaining({ name: "FlightError", code: "invalid_argument" }));
  expect(create).not.toThrow(/s3cr/);
});

test("a token that stands has no other in its place", async () => {
  const credentials = createCredentials({ token: "abc" }, noExchange)!;
  expect(await credentials.authorization()).toBe("Bearer abc");
  expect(await credentials.renew("Bearer abc")).toBeUndefined();
});

test("calls at the same time share a token, and one renewal", async () => {
  let count = 0;
  const credentials = createCredentials({ token: async () => `t${++count}` }, noExchange)!;
  const first = await Promise.all([credentials.authorization(), credentials.authorization()]);
  expect(first).toEqual(["Bearer t1", "Bearer t1"]);
  const renewed = await Promise.all([credentials.renew("Bearer t1"), credentials.renew("Bearer t1")]);
  expect(renewed).toEqual(["Bearer t2", "Bearer t2"]);
  // One that was refused with the first token, and says so late.
  expect(await credentials.renew("Bearer t1")).toBe("Bearer t2");
  expect(await credentials.authorization()).toBe("Bearer t2");
  expect(count).toBe(2);
});

test("a renewal that gives the refused token again is none", async () => {
  const credentials = createCredentials({ token: () => "same" }, noExchange)!;
  expect(await credentials.renew(await credentials.authorization())).toBeUndefined();
});

test("a function that fails is asked again by the next call, and its words are kept back", async () => {
  const answers = [() => Promise.reject(new Error("s3cret")), () => "fine"];
  const credentials = createCredentials({ token: () => answers.shift()!() }, noExchange)!;
  await expect(credentials.authorization()).rejects.toMatchObject({
    name: "FlightError",
    code: "unauthenticated",
    message: expect.not.stringContaining("s3cret"),
  });
  expect(await credentials.authorization()).toBe("Bearer fine");
});

test("a password is exchanged once, and again when its token is refused", async () => {
  const seen: string[] = [];
  const exchange = async (username: string, password: string): Promise<string> =>
    `Bearer ${seen.push(`${username}:${password}`)}`;
  const credentials = createCredentials({ username: "ann", password: "pw" }, exchange)!;
  expect(await credentials.authorization()).toBe("Bearer 1");
  expect(await credentials.renew("Bearer 1")).toBe("Bearer 2");
  expect(seen).toEqual(["ann:pw", "ann:pw"]);
});

test("requests are read again while what was taken is small, also one that was being waited for", async () => {
  const last = Promise.withResolvers<number>();
  const source = new RequestSource<number>(
    (async function* () {
      yield 1;
      yield await last.promise;
    })(),
    () => 1,
  );
  expect((await source.at(0)).value).toBe(1);
  const waiting = source.at(1);
  expect([(await source.at(0)).value, source.isWhole]).toEqual([1, true]);
  last.resolve(2);
  expect([(await source.at(1)).value, (await waiting).value]).toEqual([2, 2]);
  expect((await source.at(2)).done).toBe(true);
});

test("requests are kept up to a bound, and come in their order beyond it", async () => {
  const source = new RequestSource([1, 2, 3, 4], () => replayedBytesMax / 2);
  const read: unknown[] = [];
  for (let index = 0; index < 4; index++) {
    read.push((await source.at(index)).value, source.isWhole);
  }
  expect(read).toEqual([1, true, 2, false, 3, false, 4, false]);
});
