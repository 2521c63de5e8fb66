import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, request as sendRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A proxy over HTTP/1.1 under which every Send of a duplex stream fails the first time. */
export interface FlakyProxy extends AsyncDisposable {
  readonly url: string;
  /** How many Sends have failed. */
  failureCount(): number;
}

/** What becomes of one Send after the other. */
const fates = ["lost before it came", "lost after it came", "answered 502"] as const;

/** Starts a proxy; `upstream` is such as `http://127.0.0.1:8815`. */
export async function startFlakyProxy(upstream: string): Promise<FlakyProxy> {
  const failed = new Set<string>();
  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (req.method !== "POST" || !req.url?.endsWith("/Send")) {
      req.pipe(forward(req, res, upstream));
      return;
    }
    const body = await buffer(req);
    // A piece has its number in it, and so is the same only when it is sent again.
    const piece = createHash("sha256").update(String(req.headers["hangar-stream-id"])).update(body).digest("hex");
    const fate = failed.has(piece) ? undefined : fates[failed.size % fates.length];
    failed.add(piece);
    if (fate === "lost before it came") res.destroy();
    else if (fate === "answered 502") res.writeHead(502).end("Bad Gateway");
    else forward(req, res, upstream, fate === "lost after it came").end(body);
  };
  const server = createServer((req, res) => void answer(req, res).catch(() => res.destroy()));
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failureCount: () => failed.size,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };
}

/** Passes a request's head on, and the answer back; gives what takes the request's body. */
function forward(req: IncomingMessage, res: ServerResponse, upstream: string, isAnswerLost = false) {
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
  return forwarded;
}
