import { once } from "node:events";
import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy over HTTP/1.1 under which single Sends of duplex streams fail. */
export interface FlakyProxy extends AsyncDisposable {
  readonly url: string;
  /** How many Sends have failed. */
  failureCount(): number;
}

/** What becomes of one Send after the other; those in between pass. */
const fates = ["lost before it came", undefined, "lost after it came", undefined, "answered 502"] as const;

/** Starts a proxy; `upstream` is such as `http://127.0.0.1:8815`. */
export async function startFlakyProxy(upstream: string): Promise<FlakyProxy> {
  let sendCount = 0;
  let failureCount = 0;
  const server = createServer((req, res) => {
    const isSend = req.method === "POST" && req.url?.endsWith("/Send") === true;
    const fate = isSend ? fates[sendCount++ % fates.length] : undefined;
    if (fate !== undefined) failureCount += 1;
    if (fate === "lost before it came") req.destroy();
    else if (fate === "answered 502") req.resume().once("end", () => res.writeHead(502).end("Bad Gateway"));
    else forward(req, res, upstream, fate === "lost after it came");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failureCount: () => failureCount,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

function forward(req: IncomingMessage, res: ServerResponse, upstream: string, isAnswerLost: boolean): void {
  const { method = "GET", url = "/", headers } = req;
  const forwarded = sendRequest(new URL(url, upstream), { method, headers }, (answer) => {
    if (isAnswerLost) {
      answer.resume().once("end", () => res.destroy());
      return;
    }
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
    answer.once("error", () => res.destroy());
  });
  forwarded.once("error", () => res.destroy());
  res.once("close", () => forwarded.destroy());
  req.pipe(forwarded);
}
