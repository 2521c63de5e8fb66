import type { ServerResponse } from "node:http";
import { constants } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import { universalRequestFromNodeRequest } from "@connectrpc/connect-node";
import { FlightError, isNativeGrpc } from "../../flight/index.ts";
import type { Sender } from "../rpc/call-context.ts";
import { removeBasePath } from "./base-path.ts";
import type { CallsAtWork } from "./calls-at-work.ts";
import { closeUnreadAfter, endAnswer } from "./close-unread.ts";
import type { CorsGate } from "./cors.ts";
import { judgeHost } from "./host-guard.ts";
import { isFilesPath } from "../files/file-query.ts";
import type { RequestAnswerer } from "../rpc/splice-handler.ts";
import type { Logger } from "../logger.ts";
import { metricsPath } from "./metrics-endpoint.ts";
import { answerProbe, type ReadinessCheck } from "./probes.ts";
import { countReceived } from "./received-garbage.ts";
import type { TrustedProxies } from "./origin.ts";
import type { Refusal } from "./encode-refusal.ts";
import { isSignInPath } from "../sign-in/sign-in-endpoint.ts";
import { refuse } from "./refuse.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { judgeHeader } from "./header-size.ts";
import type { Limiter } from "../limits/limiter.ts";
import { judgeTarget } from "./request-target.ts";
import { peerOf, senderOf } from "./sender.ts";
import { answerWithFile, type WebFiles } from "./web-files.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";
import { writeResponse } from "./write-response.ts";

/** The dependencies of the request handler. */
export interface RequestHandlerOptions {
  readonly handlers: ReadonlyMap<string, RequestAnswerer>;
  /** Handles datasets as files; none by default. */
  readonly files?: RequestAnswerer | undefined;
  /** Handles `/metrics`; none by default. */
  readonly metrics?: RequestAnswerer | undefined;
  /** Handles the paths below `/auth/`; none by default. */
  readonly signIn?: RequestAnswerer | undefined;
  /** Returns whether the server can serve now; answers at `/readyz`. */
  readonly isReady: ReadinessCheck;
  readonly cors: CorsGate;
  /** Allowed host names besides loopback and the server's own addresses, normalized by `normalizeHost`. */
  readonly allowedHosts: ReadonlySet<string>;
  readonly trustedProxies: TrustedProxies;
  /** The path below which a proxy serves this server, as `parseBasePath` returns it. */
  readonly basePath: string;
  /** Static files, by path. */
  readonly webFiles: WebFiles;
  /** Counts the running calls of each connection. */
  readonly calls: CallsAtWork;
  readonly limiter: Limiter;
  readonly refusals: RefusalLog;
  readonly logger: Logger;
}

/**
 * Creates the handler of every HTTP request: first the guards, then Connect. It never throws and never rejects. An
 * error ends only its request.
 */
export function createRequestHandler(options: RequestHandlerOptions): (req: NodeRequest, res: NodeResponse) => void {
  const { calls, limiter, refusals, logger } = options;
  const refuseAndReport = async (req: NodeRequest, res: NodeResponse, refusal: Refusal): Promise<void> => {
    const { method, url } = req;
    const peer = req.socket ? peerOf(req, options.trustedProxies) : undefined;
    refusals.reportRequest(refusal, { method, url, host: authorityOf(req), peer });
    await refuse(req, res, refusal);
  };
  return (req, res) => {
    const release = "stream" in req ? calls.admit(req.stream) : () => {};
    if (release === undefined) {
      return refusals.reportConnection(tooManyCalls, req.socket?.remoteAddress, "callsPerConnection");
    }
    const endCall = req.socket ? limiter.connections.beginCall(req.socket) : () => {};
    const isDoubtful = "stream" in req && calls.isDoubtful(req.stream);
    (isDoubtful ? handleUnlessReset(req, res, options) : handle(req, res, options))
      .then(async (refusal) => refusal && (await refuseAndReport(req, res, refusal)))
      .catch(async (reason: unknown) => {
        logger.debug({ err: reason, url: req.url }, "a request ended early");
        if (res.headersSent || res.writableEnded || isGone(res)) cut(req, res);
        else await refuseAndReport(req, res, { status: 500, message: "The request could not be answered." });
      })
      .catch(() => cut(req, res))
      .finally(() => {
        release();
        endCall();
      });
  };
}

const tooManyCalls = "A connection has as many calls at work as it may.";

async function handleUnlessReset(
  req: NodeRequest,
  res: NodeResponse,
  options: RequestHandlerOptions,
): Promise<Refusal | undefined> {
  await nextTurn();
  return isGone(res) ? undefined : await handle(req, res, options);
}

/** Handles a request, or refuses it with the reason. */
async function handle(
  req: NodeRequest,
  res: NodeResponse,
  options: RequestHandlerOptions,
): Promise<Refusal | undefined> {
  closeUnreadAfter(req, res);
  // A native gRPC client would see headers for browsers and plain HTTP as metadata of the call.
  const isNative = isNativeGrpc(req.headers["content-type"]);
  if (isNative) res.sendDate = false;
  const { url = "" } = req;
  const { headerBytes, urlBytes } = options.limiter.limits;
  if (url.length > urlBytes) {
    const message = `The URL has ${url.length} bytes; at most ${urlBytes} are accepted (url-bytes).`;
    return { status: 414, message, limit: "urlBytes" };
  }
  const within = removeBasePath(url, options.basePath);
  if (within === undefined) {
    await redirectToBase(req, res, options.basePath);
    return undefined;
  }
  req.url = within;
  const target = judgeTarget(within);
  if (target.kind === "path" && (await answerProbe(target.path, req, res, options.isReady))) return undefined;
  // A page that may call this server may also read the reason of a refusal.
  if (!isNative && options.cors(req, res) === "answered") return undefined;
  const tooLarge = judgeHeader(req, headerBytes);
  if (tooLarge !== undefined) return { status: 431, message: tooLarge, limit: "headerBytes" };
  const host = judgeHost(authorityOf(req), req.socket.localAddress, options.allowedHosts);
  if (host.kind === "malformed") return { status: 400, message: "The Host header is not a host and port." };
  if (host.kind === "foreign") {
    const message = `This server does not accept the host ${host.hostname}; allow it with --allowed-host.`;
    return { status: 403, message };
  }
  if (target.kind === "refused") return { status: 400, message: target.why };
  const { path } = target;
  const file = options.webFiles.get(path);
  if (file !== undefined) {
    await answerWithFile(req, res, file);
    return undefined;
  }
  const handler = options.handlers.get(path) ?? otherEndpoint(path, options);
  if (handler === undefined) return { status: 404, message: "This path does not exist." };
  const sender = senderOf(req, host.authority, options);
  await answer(req, res, { handler, sender, limiter: options.limiter });
  return undefined;
}

/** Adds the slash at the end of the base path, without which the relative links of the web app would lead elsewhere. */
async function redirectToBase(req: NodeRequest, res: NodeResponse, basePath: string): Promise<void> {
  const location = `${basePath}/${(req.url ?? "").slice(basePath.length)}`;
  (res as ServerResponse).writeHead(308, { location, "content-length": 0 });
  await endAnswer(res);
}

function otherEndpoint(path: string, { files, metrics, signIn }: RequestHandlerOptions): RequestAnswerer | undefined {
  if (path === metricsPath) return metrics;
  if (isSignInPath(path)) return signIn;
  return isFilesPath(path) ? files : undefined;
}

function authorityOf(req: NodeRequest): string | undefined {
  return "authority" in req ? (req.authority ?? req.headers.host) : req.headers.host;
}

async function answer(
  req: NodeRequest,
  res: NodeResponse,
  { handler, sender, limiter }: { handler: RequestAnswerer; sender: Sender; limiter: Limiter },
): Promise<void> {
  const request = universalRequestFromNodeRequest(req, res, undefined, undefined);
  const signal = limiter.callTimes.limit(request.signal, () => res.writableFinished || cut(req, res));
  // If a call does not read its whole request, the connection must stay open for the response.
  const bytes: AsyncIterable<Uint8Array> = req.iterator({ destroyOnReturn: false });
  const body = handler.takesStream ? wholeBody(req, bytes) : bytes;
  const response = await handler.answer({ ...request, body, signal }, sender);
  // A proxy with response buffering would store a whole stream on its disk, and delay its first bytes.
  if (handler.givesStream && !isNativeGrpc(req.headers["content-type"])) res.setHeader("x-accel-buffering", "no");
  exposeHeaders(res, response.header);
  keepPrivate(req, response.header);
  await writeResponse(response, res);
}

/**
 * Asserts that a request is complete, so that an interrupted upload is not stored. Most clients reset the stream, which
 * throws here. Node's HTTP/2 client ends an interrupted request normally and resets it right after. So an end counts
 * only if the stream is still open after a turn of the event loop.
 *
 * @throws FlightError CANCELLED if the client has disconnected
 */
async function* wholeBody(req: NodeRequest, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    countReceived(chunk.byteLength);
    yield chunk;
  }
  for (let turns = 0; turns < 2; turns++) await nextTurn();
  if ("stream" in req ? req.stream.closed : !req.complete) {
    throw new FlightError("cancelled", "the client disconnected before the request ended");
  }
}

/** Lets a page read the headers of the response. CORS needs their list. */
function exposeHeaders(res: NodeResponse, header: Headers | undefined): void {
  if (header === undefined || !res.hasHeader("access-control-allow-origin")) return;
  const names = [res.getHeader("access-control-expose-headers"), ...header.keys()];
  header.set("access-control-expose-headers", names.join(","));
}

/**
 * Keeps a response to a caller with credentials out of shared caches. For the Authorization header, caches do this
 * themselves, but not for cookies. Source: RFC 9111, sections 3.5 and 7.3.
 */
function keepPrivate({ method, headers }: NodeRequest, header: Headers | undefined): void {
  const isRead = method === "GET" || method === "HEAD";
  if (!isRead || (headers.cookie === undefined && headers.authorization === undefined)) return;
  header?.set("cache-control", `private, ${header.get("cache-control") ?? "no-cache"}`);
}

/** Whether the client has disconnected. */
function isGone(res: NodeResponse): boolean {
  return "stream" in res ? res.stream.destroyed : res.destroyed;
}

/** Aborts a response that cannot be completed, so that the client does not take it for complete. */
function cut(req: NodeRequest, res: NodeResponse): void {
  if ("stream" in req) req.stream.close(constants.NGHTTP2_INTERNAL_ERROR);
  // The request may have ended long ago, so the response is destroyed, which closes the connection.
  else res.destroy();
}
