import { once } from "node:events";
import {
  createSecureServer,
  createServer,
  type Http2Session,
  type SecureServerOptions,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { IncomingHttpHeaders } from "node:http";

/** An HTTP/2 server that answers as a test tells it, and what it has seen. */
export interface RawUpstream extends AsyncDisposable {
  readonly port: number;
  /** The headers of each request. */
  readonly requests: readonly IncomingHttpHeaders[];
  readonly sessions: ReadonlySet<Http2Session>;
}

/** Answers the request with this number, from 0; its body may still be coming. */
export type Answer = (stream: ServerHttp2Stream, index: number) => void;

/** Starts such a server on a free port of this machine, or on the one that is named. */
export async function startRawUpstream(
  answer: Answer,
  { tls, port = 0 }: { readonly tls?: SecureServerOptions; readonly port?: number } = {},
): Promise<RawUpstream> {
  const server = tls ? createSecureServer(tls) : createServer();
  const requests: IncomingHttpHeaders[] = [];
  const sessions = new Set<Http2Session>();
  server.on("session", (session: Http2Session) => {
    sessions.add(session);
    session.once("close", () => sessions.delete(session)).on("error", () => {});
  });
  server.on("sessionError", () => {});
  server.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", () => {});
    answer(stream, requests.push(headers) - 1);
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    sessions,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Answers with one empty message, or none, and a status of gRPC. */
export function answerWith(
  stream: ServerHttp2Stream,
  status: number,
  { messages = 1, headers = {}, trailers = {} } = {},
): void {
  stream.respond({ ":status": 200, "content-type": "application/grpc", ...headers }, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": String(status), ...trailers }));
  stream.end(Buffer.alloc(5 * messages));
}
