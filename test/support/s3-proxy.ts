import { once } from "node:events";
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

/** What becomes of a request: the bucket is throttled, the answer ends in its middle, is late, or never comes. */
export type S3Fate = "503" | "cut" | "late" | "lost" | undefined;

/** A proxy before an S3 server, which knows what was requested and makes requests fail. */
export interface S3Proxy extends AsyncDisposable {
  readonly endpoint: string;
  /** Decides on the fate of requests; none fails by default. `request` is such as `PUT uploadId`, and waits for it. */
  fate: (request: string) => S3Fate | Promise<S3Fate>;
  /** The requests since the last call: the method, and the names of the query's parameters that tell what it does. */
  take(): string[];
}

/** The delay of a late answer, in milliseconds. */
const lateMs = 2000;

const slowDown = `<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>`;

/** @param target - such as `http://127.0.0.1:7070` */
export async function startS3Proxy(target: string): Promise<S3Proxy> {
  let seen: string[] = [];
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", headers, url = "/" } = incoming;
    const words = [...new URL(url, target).searchParams.keys()].filter((key) => key !== "x-id").slice(0, 1);
    const name = [method, ...words].join(" ");
    seen.push(name);
    const fate = await proxy.fate(name);
    const body = await buffer(incoming);
    if (fate === "503") return void outgoing.writeHead(503, { "content-type": "application/xml" }).end(slowDown);
    if (fate === "late") await sleep(lateMs);
    // The signature includes the host that the client knows.
    const passed = send(new URL(url, target), { method, headers }).end(body);
    const [answer] = (await once(passed, "response")) as [IncomingMessage];
    const content = await buffer(answer);
    if (fate === "lost") return void outgoing.destroy();
    outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
    if (fate !== "cut") return void outgoing.end(content);
    outgoing.write(content.subarray(0, content.byteLength / 2), () => outgoing.destroy());
  }
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing).catch(() => outgoing.destroy()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const proxy: S3Proxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fate: () => undefined,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
  return proxy;
}
