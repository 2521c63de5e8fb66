import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** An S3 server that ignores the conditions of writes, as some do. */
export interface UnconditionalS3 extends AsyncDisposable {
  readonly endpoint: string;
  /** The objects by their path, such as `/bucket/a`. */
  readonly objects: Map<string, Buffer>;
}

/** Starts the server. It keeps objects in memory, and sends whole ones. */
export async function startUnconditionalS3(): Promise<UnconditionalS3> {
  const objects = new Map<string, Buffer>();
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method, url = "/" } = incoming;
    const path = decodeURIComponent(new URL(url, "http://s3").pathname);
    const object = objects.get(path);
    if (method === "PUT") objects.set(path, await buffer(incoming));
    else if (method === "DELETE") objects.delete(path);
    else if (object === undefined) return void outgoing.writeHead(404).end();
    const content = objects.get(path) ?? Buffer.alloc(0);
    const etag = `"${createHash("md5").update(content).digest("hex")}"`;
    const headers = { etag, "last-modified": new Date().toUTCString() };
    const range = { "content-range": `bytes 0-${content.byteLength - 1}/${content.byteLength}` };
    if (method === "GET") outgoing.writeHead(206, { ...headers, ...range });
    else outgoing.writeHead(method === "DELETE" ? 204 : 200, headers);
    outgoing.end(method === "GET" ? content : undefined);
  }
  const server = createServer((incoming, outgoing) => void answer(incoming, outgoing).catch(() => outgoing.destroy()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}
