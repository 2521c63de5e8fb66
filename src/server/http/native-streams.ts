import type { Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Limiter } from "../limits/limiter.ts";
import type { Logger } from "../logger.ts";
import type { Sender } from "../rpc/call-context.ts";
import type { RegisteredMethod } from "../rpc/method-registry.ts";
import { timeoutForm } from "../rpc/native/native-call.ts";
import type { CallsAtWork } from "./calls-at-work.ts";
import { judgeHeader } from "./header-size.ts";
import { judgeHost } from "./host-guard.ts";
import type { TrustedProxies } from "./origin.ts";
import type { Peer } from "./peer-key.ts";
import { senderOf } from "./sender.ts";

/** Answers a native gRPC call. It never rejects. */
export type NativeAnswerer = (call: {
  readonly stream: ServerHttp2Stream;
  readonly header: Headers;
  readonly method: RegisteredMethod;
  readonly sender: Sender;
}) => Promise<void>;

/** The dependencies of the handler of native gRPC. */
export interface NativeStreamsOptions {
  /** Returns the method of a path. */
  readonly find: (path: string) => RegisteredMethod | undefined;
  readonly answer: NativeAnswerer;
  readonly calls: CallsAtWork;
  readonly allowedHosts: ReadonlySet<string>;
  readonly trustedProxies: TrustedProxies;
  readonly basePath: string;
  readonly limiter: Limiter;
  readonly logger: Logger;
}

/**
 * Takes an HTTP/2 stream before Node wraps it into a request. Returns false if it does not take it.
 *
 * @param rawHeaders - names and values in turns
 */
export type StreamHandler = (
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
) => boolean;

/** The properties of a connection that its calls share. */
interface Connection {
  readonly peer: Peer;
  /** The authority of the latest call, and its sender. */
  authority?: string | undefined;
  sender?: Sender;
}

/**
 * Creates the handler of native gRPC. It takes only calls that need no explanation: of a method, with a valid host, of
 * ordinary size, in binary protobuf without compression. The request handler answers all others, or refuses them.
 */
export function createNativeStreams(options: NativeStreamsOptions): StreamHandler {
  const { answer, calls, find, limiter, logger } = options;
  const connections = new WeakMap<Http2Session, Connection>();
  return (stream, headers, rawHeaders) => {
    const { session } = stream;
    const method = isPlainCall(headers) ? find(headers[":path"] ?? "") : undefined;
    if (session === undefined || method === undefined || calls.isFull(stream)) return false;
    const fields = { rawHeaders: rawHeaders as string[], httpVersionMajor: 2 };
    if (judgeHeader(fields, limiter.limits.headerBytes) !== undefined) return false;
    const connection = connections.get(session) ?? connect(session);
    connections.set(session, connection);
    const sender = findSender(connection, session, headers, options);
    if (sender === undefined) return false;
    const release = calls.admit(stream) ?? (() => {});
    const endCall = limiter.connections.beginCall(connection.peer);
    const isDoubtful = calls.isDoubtful(stream);
    // The end of the call reports an error of its stream.
    stream.on("error", ignore);
    const run = async (): Promise<void> => {
      try {
        if (isDoubtful) await nextTurn();
        if (!stream.destroyed) await answer({ stream, header: toHeaders(headers), method, sender });
      } catch (reason) {
        logger.debug({ err: reason, url: headers[":path"] }, "a request ended early");
        stream.close();
      } finally {
        release();
        endCall();
      }
    };
    void run();
    return true;
  };
}

/** A constant, because Node keeps a closed stream for long: a function made for it would keep all of its call. */
const ignore = (): void => {};

const plainType = /^application\/grpc(\+proto)?$/i;

function isPlainCall(headers: IncomingHttpHeaders): boolean {
  const { "grpc-encoding": encoding = "", "grpc-timeout": timeout } = headers;
  return (
    headers[":method"] === "POST" &&
    plainType.test(headers["content-type"] ?? "") &&
    (encoding === "" || encoding === "identity") &&
    (timeout === undefined || timeoutForm.test(String(timeout))) &&
    headers.expect === undefined
  );
}

function connect({ socket }: Http2Session): Connection {
  return { peer: { remoteAddress: socket.remoteAddress, remotePort: socket.remotePort } };
}

/** Returns the sender of a call; undefined if the host is not allowed. */
function findSender(
  connection: Connection,
  { socket }: Http2Session,
  headers: IncomingHttpHeaders,
  { allowedHosts, trustedProxies, basePath }: NativeStreamsOptions,
): Sender | undefined {
  const authority = headers[":authority"] ?? headers.host;
  if (connection.sender !== undefined && connection.authority === authority) return connection.sender;
  const host = judgeHost(authority, socket.localAddress, allowedHosts);
  if (host.kind !== "allowed") return undefined;
  const sender = senderOf({ headers, socket }, host.authority, { trustedProxies, basePath });
  // A proxy forwards the calls of many clients, and a certificate may expire.
  const isShared = !trustedProxies.has(connection.peer.remoteAddress) && sender.clientCertificate === undefined;
  if (isShared) Object.assign(connection, { authority, sender });
  return sender;
}

/** Pairs take a third of the time of an object, whose shape depends on the names. */
function toHeaders(headers: IncomingHttpHeaders): Headers {
  const fields: [string, string][] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || name.startsWith(":")) continue;
    fields.push([name, Array.isArray(value) ? value.join(", ") : value]);
  }
  return new Headers(fields);
}
