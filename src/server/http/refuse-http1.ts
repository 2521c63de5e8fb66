import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { encodeRefusal, type Refusal } from "./encode-refusal.ts";
import { discardTimeoutMs, receivedHeaderBytesMax } from "./limits.ts";
import { STATUS_CODES } from "./node-http.ts";
import type { RequestHead } from "./refusal-form.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { judgeTarget } from "./request-target.ts";

/** The error of Node's event `clientError`: a socket error or a parser error. */
interface ClientError extends NodeJS.ErrnoException {
  readonly reason?: string;
  /** The packet that could not be parsed. */
  readonly rawPacket?: Buffer;
}

/**
 * Answers requests that Node's HTTP/1.1 server refuses itself before there is a request: input that is not HTTP, a
 * header that is too large or too late, and CONNECT. The response has the format of the client's protocol, if the
 * header shows it. Each refusal is logged.
 */
export function refuseByWords(server: Server, refusals: RefusalLog): void {
  server.on("clientError", (error: ClientError, socket: Socket) => {
    // A client that ends inside of a header has left. Thousands may leave at once, and an answer to each takes time.
    const refusal = error.code === "HPE_INVALID_EOF_STATE" ? undefined : refusalOf(error);
    if (refusal !== undefined && speaksOtherProtocol(error)) {
      refusals.reportConnection(refusal.message, socket.remoteAddress);
      return void socket.destroy();
    }
    if (refusal === undefined || !socket.writable) return void socket.destroy();
    const exchange = exchangeOf(socket);
    // The client would take a refusal for the response to the earlier request.
    if (exchange?.req.complete) return void exchange.once("close", () => socket.destroySoon());
    if (exchange?.headersSent) return socket.destroySoon();
    const head = exchange?.req ?? parseHead(error.rawPacket);
    refusals.reportRequest(refusal, { ...head, host: head.headers.host, peer: socket.remoteAddress });
    writeRefusal(socket, refusal, head);
  });
  server.on("connect", (req: IncomingMessage, socket: Socket) => {
    // The HTTP/2 event of this name has a response instead of a socket, and belongs to the request handler.
    if ("stream" in req) return;
    const target = judgeTarget(req.url ?? "");
    const message = target.kind === "refused" ? target.why : "This server does not take CONNECT.";
    const { method, url, headers } = req;
    refusals.reportRequest({ status: 400, message }, { method, url, host: headers.host, peer: socket.remoteAddress });
    writeRefusal(socket, { status: 400, message }, req);
  });
}

/** Returns the response to an error; undefined if the connection itself has failed. */
function refusalOf({ code = "", reason }: ClientError): Refusal | undefined {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return {
        status: 431,
        message: `The header of the request has more than ${receivedHeaderBytesMax} bytes.`,
        limit: "headerBytes",
      };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, message: "The extensions of a chunk of the request are too long." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, message: "The header of the request did not come in time.", limit: "headerSeconds" };
    default:
      if (!code.startsWith("HPE_")) return undefined;
      return { status: 400, message: `The request is not HTTP/1.1${reason ? `: ${reason}` : ""}.` };
  }
}

/** The first byte of a TLS handshake. Source: RFC 8446, section 5.1. */
const tlsHandshake = 0x16;

/**
 * Tells whether a connection's first line does not claim to be HTTP/1. Such a client could not read a response. RFC 9113,
 * section 3.4, wants the connection closed after a wrong preface of HTTP/2. A client of TLS takes an answer in plaintext
 * for what it is: the server has no TLS.
 */
function speaksOtherProtocol({ code, rawPacket }: ClientError): boolean {
  if (code !== "HPE_INVALID_METHOD" || rawPacket === undefined || rawPacket[0] === tlsHandshake) return false;
  const [first = ""] = rawPacket.subarray(0, receivedHeaderBytesMax).toString("latin1").split("\n", 1);
  return !first.includes("HTTP/1.");
}

/**
 * Returns the current response of a connection. Node itself uses this private property to decide whether it may write a
 * refusal.
 */
function exchangeOf(socket: Socket): ServerResponse | undefined {
  return "_httpMessage" in socket ? ((socket._httpMessage as ServerResponse | null) ?? undefined) : undefined;
}

/**
 * Parses the fields that determine the client's protocol from a header that Node does not parse. The result is empty if
 * the header began in an earlier packet, for example because it is too large. The client then gets plain text.
 */
function parseHead(packet: Buffer = Buffer.alloc(0)): RequestHead {
  const [first = "", ...lines] = packet.subarray(0, receivedHeaderBytesMax).toString("latin1").split(/\r?\n/);
  const [, method = "", url = ""] = /^([A-Z]+) (\S+)/.exec(first) ?? [];
  const headers: IncomingHttpHeaders = {};
  for (const line of lines.slice(0, Math.max(lines.indexOf(""), 0) || lines.length)) {
    const [, name, value] = /^(content-type|accept|host):[ \t]*([ -~]*)$/i.exec(line) ?? [];
    if (name !== undefined) headers[name.toLowerCase()] ??= value?.trim();
  }
  return { method, url, headers };
}

/**
 * Writes a response and closes the connection. It reads remaining input for a while, because the client might otherwise
 * lose the response.
 */
function writeRefusal(socket: Socket, refusal: Refusal, head: RequestHead): void {
  const { status, header, body = new Uint8Array(0) } = encodeRefusal(refusal, head);
  header.set("content-length", String(body.byteLength));
  header.set("connection", "close");
  const fields = [...header].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${fields}\r\n`);
  socket.end(head.method === "HEAD" ? new Uint8Array(0) : body);
  socket.resume();
  const timer = setTimeout(() => socket.destroy(), discardTimeoutMs);
  socket.once("close", () => clearTimeout(timer));
}
