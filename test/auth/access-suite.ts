import { tableFromArrays, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import type { CredentialOptions, DatasetClient } from "../../src/client/index.ts";

const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });
const file = new Blob([new Uint8Array(tableToIPC(table, "stream"))]);

/** What our client does at the server of `serve-access.ts`, on any way to it. */
export function describeAccess(connect: (options: CredentialOptions) => DatasetClient): void {
  const password = "open sesame";
  const namesOf = async (client: DatasetClient): Promise<string[]> =>
    (await Array.fromAsync(client.list())).map(({ name }) => name);

  test("signs in by a password, and does what it may", async () => {
    const [ann, bob] = [connect({ username: "ann", password }), connect({ username: "bob", password })];
    await ann.put("secret/a", table);
    await ann.put("open/a", table);
    expect(await namesOf(ann)).toEqual(["open/a", "secret/a"]);
    expect(await namesOf(bob)).toEqual(["open/a"]);
    expect((await Array.fromAsync(bob.datasets.list())).map(({ name }) => name)).toEqual(["open/a"]);
    expect((await bob.get("open/a").table()).numRows).toBe(3);
    await expect(bob.get("secret/a").table()).rejects.toMatchObject({ code: "not_found" });
    await expect(bob.info("secret/a")).rejects.toMatchObject({ code: "not_found" });
    await bob.put("open/b", table);
    await expect(bob.put("open/a", table)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(bob.put("open/a", file)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(bob.put("secret/b", table)).rejects.toMatchObject({ code: "permission_denied" });
    await expect(bob.drop("open/a")).rejects.toMatchObject({ code: "permission_denied" });
    await expect(bob.drop("secret/a")).rejects.toMatchObject({ code: "not_found" });
    for (const name of await namesOf(ann)) await ann.drop(name);
    for (const client of [ann, bob]) client.close();
  });

  test.each<[string, CredentialOptions]>([
    ["no credentials", {}],
    ["a wrong password", { username: "ann", password: "wrong" }],
    ["a wrong token", { token: "wrong" }],
  ])("is told by UNAUTHENTICATED that it needs others than %s", async (_what, options) => {
    const client = connect(options);
    await expect(client.info("open/a")).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(client.put("open/c", table)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(client.put("open/c", file)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(Array.fromAsync(client.list())).rejects.toMatchObject({ code: "unauthenticated" });
    client.close();
  });
}
