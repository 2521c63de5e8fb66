import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright";

// As text: what runs in a page has no types here.
const drop = `URL + "/hangar.v1.DatasetService/DropDataset"`;
/** Requests that change datasets, by what they are: code for a page of another site. */
export const forgedRequests: readonly [string, string][] = [
  ["a DELETE", `fetch(URL + "/datasets/open/a", { method: "DELETE", credentials: "include" })`],
  ["a PUT", `fetch(URL + "/datasets/open/new", { method: "PUT", body: "PAR1", credentials: "include" })`],
  [
    "an RPC in JSON",
    `fetch(${drop}, { method: "POST", credentials: "include", headers: { "content-type": "application/json" },
      body: '{"name":"open/a"}' })`,
  ],
  [
    "an RPC that needs no preflight",
    `fetch(${drop}, { method: "POST", credentials: "include", mode: "no-cors", body: '{"name":"open/a"}' })`,
  ],
  ...["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"].map((type): [string, string] => [
    `a form of ${type}`,
    `new Promise((resolve) => {
      document.body.innerHTML = '<iframe name="f"></iframe><form method="post" target="f" enctype="${type}">' +
        '<input name=\\'{"name":"open/a","x":"\\' value=\\'"}\\'></form>';
      document.querySelector("iframe").onload = resolve;
      document.querySelector("form").action = ${drop};
      document.querySelector("form").submit();
    })`,
  ]),
];

/**
 * Sends a forged request from a page.
 *
 * @param url - the server that it is for
 * @returns the type of the response; `basic` or `cors` if the page may read it
 */
export async function runForged(page: Page, request: string, url: string): Promise<string> {
  const code = request.replace("URL", JSON.stringify(url));
  return await page.evaluate<string>(`${code}.then((value) => value?.type ?? "", () => "")`);
}

/** Serves an empty page, of another site than the server under test. */
export async function serveForeignPage(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((_req, res) => res.setHeader("content-type", "text/html").end("<h1>Evil</h1>"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
