import type { ClientHttp2Session, ClientHttp2Stream, SecureClientSessionOptions } from "node:http2";
import type { UniversalClientFn } from "@connectrpc/connect/protocol";
import { Http2SessionManager } from "@connectrpc/connect-node";
import { connectionWindowBytes, frameBytesMax } from "../flight/index.ts";
import { explainConnectError } from "./http2-errors.ts";
import { sendHttp2Request } from "./http2-request.ts";

/** TLS options: how to verify the server's certificate, and the client's own certificate. See `tls.connect` of Node. */
export type ClientTlsOptions = Pick<
  SecureClientSessionOptions,
  "ca" | "cert" | "key" | "passphrase" | "servername" | "rejectUnauthorized" | "checkServerIdentity"
>;

/** How a connection is kept. */
export interface ConnectionOptions {
  readonly tls?: ClientTlsOptions | undefined;
  /**
   * The flow-control window of a stream in bytes: the data that the server may send before it is read; 65,535 (the
   * default of HTTP/2) by default.
   */
  readonly streamWindowBytes?: number | undefined;
  /** How long the server may be silent while calls are under way before it must answer a ping, in milliseconds; for ever by default. */
  readonly pingIntervalMs?: number | undefined;
}

/** An HTTP/2 connection to one server. It is opened on demand, and again after it was lost. */
export interface Http2Connection {
  /**
   * Sends a request.
   *
   * @throws ConnectError UNAVAILABLE if the connection is lost, also while the response is read; StreamRefused
   */
  readonly request: UniversalClientFn;
  /**
   * Opens the connection, if it is not open.
   *
   * @throws ConnectError whose cause is Node's error
   */
  connect(): Promise<void>;
  /** Whether a request can be sent without waiting. */
  isOpen(): boolean;
  /** How many more requests it has room for at this moment; more of them would wait in it. */
  room(): number;
  /** Ends the connection, and the calls on it. A request after that opens another. */
  close(): void;
}

/**
 * The maximum number of concurrent requests on one connection. Every server accepts that many. Source: RFC 9113,
 * SETTINGS_MAX_CONCURRENT_STREAMS.
 */
const streamsMax = 100;

/**
 * Creates an HTTP/2 connection to a server. The first request connects. An idle connection does not keep the process
 * alive.
 */
export function openHttp2Connection(url: URL, options: ConnectionOptions = {}): Http2Connection {
  const { tls, streamWindowBytes, pingIntervalMs } = options;
  const pings = pingIntervalMs === undefined ? {} : { pingIntervalMs };
  const window = streamWindowBytes === undefined ? {} : { initialWindowSize: streamWindowBytes };
  const settings = { ...window, maxFrameSize: frameBytesMax };
  const sessions = new Http2SessionManager(url.href, pings, { ...tls, settings });
  let current: ClientHttp2Session | undefined;
  let openCount = 0;
  const openStream = async (...request: Parameters<Http2SessionManager["request"]>): Promise<ClientHttp2Stream> => {
    const stream = await sessions.request(...request);
    const session = stream.session as ClientHttp2Session | undefined;
    if (session && session !== current) {
      current = session;
      // The manager does not listen any more to a session that it has found closed, before that has said why.
      session.on("error", () => {});
      // Before the answer to the session's first request is read.
      if (streamWindowBytes !== undefined) session.setLocalWindowSize(connectionWindowBytes);
    }
    return stream;
  };
  return {
    async request(request) {
      openCount += 1;
      let stream: ClientHttp2Stream | undefined;
      const counted = async (...args: Parameters<typeof openStream>): Promise<ClientHttp2Stream> => {
        stream = await openStream(...args);
        return stream.once("close", () => (openCount -= 1));
      };
      try {
        return await sendHttp2Request(request, {
          authority: sessions.authority,
          request: counted,
          notifyResponseByteRead: (each) => sessions.notifyResponseByteRead(each),
        });
      } catch (reason) {
        throw explainConnectError(sessions.authority, reason, current?.pendingSettingsAck === true);
      } finally {
        if (stream === undefined) openCount -= 1;
      }
    },
    async connect() {
      if ((await sessions.connect()) === "error") throw sessions.error();
    },
    isOpen: () => sessions.state() === "open" || sessions.state() === "idle",
    room: () => Math.min(streamsMax, current?.remoteSettings?.maxConcurrentStreams ?? streamsMax) - openCount,
    close: () => sessions.abort(),
  };
}
