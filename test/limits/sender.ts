import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, constants, type ClientHttp2Session } from "node:http2";
import { patienceMs } from "../support/wait.ts";
import type { HostileRequest } from "./hostile-request.ts";

/** How long a client reads an answer, in milliseconds: a stream of a million questions has as many answers. */
const readMs = 3_000;

/** How a request ended. */
export interface Outcome {
  /** HTTP's status; 0 where there was none. */
  readonly status: number;
  readonly grpcStatus: string | undefined;
  /** What went wrong with the connection or the stream; undefined where nothing did. */
  readonly broken: string | undefined;
  /** grpc-message, as it came. */
  readonly grpcMessage?: string | undefined;
  /** What the answer took, in bytes: body, and grpc-message. */
  readonly answerBytes: number;
}

/** Sends requests, over connections that are kept. */
export class Sender implements Disposable {
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  #session: ClientHttp2Session | undefined;
  /** Why the HTTP/2 connection was closed, where the server closed it. */
  #goaway: string | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  async send(request: HostileRequest): Promise<Outcome> {
    return request.version === 2 ? await this.#sendHttp2(request) : await this.#sendHttp1(request);
  }

  [Symbol.dispose](): void {
    this.#agent.destroy();
    this.#session?.destroy();
  }

  async #connect(): Promise<ClientHttp2Session> {
    if (this.#session && !this.#session.closed && !this.#session.destroyed) return this.#session;
    this.#goaway = undefined;
    const session = connect(`http://127.0.0.1:${this.#port}`, {
      maxSendHeaderBlockLength: 1 << 20,
      maxSessionMemory: 1000,
    });
    session.on("error", () => {});
    session.on("goaway", (code: number) => (this.#goaway = `GOAWAY ${code}`));
    this.#session = session;
    await once(session, "remoteSettings");
    return session;
  }

  async #sendHttp2({ method, path, headers, body, isEndless }: HostileRequest): Promise<Outcome> {
    const session = await this.#connect();
    const stream = session.request({ ":method": method, ":path": path, ...headers }, { endStream: body.length === 0 });
    let broken: string | undefined;
    stream.setTimeout(patienceMs, () => {
      broken = "the server neither answered nor closed";
      stream.close(constants.NGHTTP2_CANCEL);
    });
    const seen: Record<string, unknown> = {};
    let answerBytes = 0;
    stream.on("response", (fields) => Object.assign(seen, fields));
    stream.on("trailers", (fields) => Object.assign(seen, fields));
    stream.on("error", () => {});
    let isLeft = false;
    const leave = (): void => {
      isLeft = true;
      stream.close(constants.NGHTTP2_CANCEL);
    };
    let leaving: NodeJS.Timeout | undefined;
    stream.once("data", () => (leaving = setTimeout(leave, readMs)));
    stream.on("data", (chunk: Buffer) => {
      answerBytes += chunk.length;
      if (isEndless === true) leave();
    });
    if (body.length > 0) stream.end(body);
    await new Promise((resolve) => stream.once("close", resolve));
    clearTimeout(leaving);
    const code = stream.rstCode ?? 0;
    if (broken === undefined && !isLeft && code !== constants.NGHTTP2_NO_ERROR) broken = `RST_STREAM ${code}`;
    broken ??= this.#goaway;
    const grpcStatus = seen["grpc-status"] as string | undefined;
    const grpcMessage = seen["grpc-message"] as string | undefined;
    answerBytes += grpcMessage?.length ?? 0;
    return { status: Number(seen[":status"] ?? 0), grpcStatus, grpcMessage, broken, answerBytes };
  }

  async #sendHttp1({ method, path, headers, body, isEndless }: HostileRequest): Promise<Outcome> {
    const request = httpRequest({ host: "127.0.0.1", port: this.#port, method, path, headers, agent: this.#agent });
    request.setTimeout(patienceMs, () => request.destroy(new Error("the server neither answered nor closed")));
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    let outcome: Outcome = { status: 0, grpcStatus: undefined, broken: "no answer", answerBytes: 0 };
    // What breaks after the answer has begun is the upload that nobody reads any more.
    request.on("error", (error) => {
      if (outcome.status === 0) outcome = { ...outcome, broken: error.message };
    });
    request.on("response", (response: IncomingMessage) => {
      outcome = { status: response.statusCode ?? 0, grpcStatus: undefined, broken: undefined, answerBytes: 0 };
      response.on("data", (chunk: Buffer) => {
        outcome = { ...outcome, answerBytes: outcome.answerBytes + chunk.length };
        if (isEndless === true) request.destroy();
      });
      const leaving = setTimeout(() => request.destroy(), readMs);
      response.on("close", () => clearTimeout(leaving));
      response.on("error", () => {});
      response.on("end", () => resolve(outcome));
    });
    request.on("close", () => resolve(outcome));
    request.end(body);
    return await promise;
  }
}
