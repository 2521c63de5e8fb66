import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** A request that went through a proxy, and what came back. */
export interface SeenRequest {
  readonly method: string;
  readonly range: string | undefined;
  readonly status: number;
  /** Of the answer's body. */
  byteLength: number;
}

/** Passes requests on to a server, and counts what it answers. */
export interface CountingProxy extends AsyncDisposable {
  readonly url: string;
  /** What was seen since the last call. */
  take(): SeenRequest[];
}

/** @param target - such as `http://127.0.0.1:8815` */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  let seen: SeenRequest[] = [];
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", headers } = incoming;
    const passed = send(new URL(incoming.url ?? "/", target), { method, headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      passed.once("response", resolve);
      passed.once("error", reject);
    });
    void pipeline(incoming, passed).catch(() => {});
    const answer = await answered;
    const entry = { method, range: headers.range, status: answer.statusCode ?? 0, byteLength: 0 };
    seen.push(entry);
    answer.on("data", (chunk: Buffer) => (entry.byteLength += chunk.byteLength));
    outgoing.writeHead(entry.status, answer.headers);
    await pipeline(answer, outgoing);
  }
  const server = createServer((incoming, outgoing) => void pass(incoming, outgoing).catch(() => outgoing.destroy()));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = seen;
      seen = [];
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
