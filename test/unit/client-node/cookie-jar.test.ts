import { expect, test } from "vitest";
import { CookieJar } from "../../../src/client-node/cookie-jar.ts";

test("a jar gives back what has been set, until it is deleted", async () => {
  const answers = [
    ["session=a=b; Path=/; HttpOnly", "theme=dark; Max-Age=60; Secure"],
    ["theme=light", "old=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
    ["session=; Max-Age=0"],
    [],
  ];
  const sent: (string | null)[] = [];
  const httpClient = new CookieJar().over(async ({ header: requestHeader }) => {
    sent.push(requestHeader.get("cookie"));
    const header = new Headers(
      (answers[sent.length - 1] ?? []).map((cookie): [string, string] => ["set-cookie", cookie]),
    );
    return { status: 200, header, body: (async function* () {})(), trailer: new Headers() };
  });
  for (const _ of answers) await httpClient({ url: "http://x/", method: "POST", header: new Headers() });
  expect(sent).toEqual([null, "session=a=b; theme=dark", "session=a=b; theme=light", "theme=light"]);
});
