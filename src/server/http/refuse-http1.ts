import {
  STATUS_CODES,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { discardTimeoutMs, receivedHeaderBytesMax } from "../../flight/index.ts";
import { encodeRefusal, type Refusal } from "./encode-refusal.ts";
import type { RequestHead } from "./refusal-form.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { judgeTarget } from "./request-target.ts";

/** What Node gives with `clientError`: an error of the socket, or one of its parser. */
interface ClientError extends NodeJS.ErrnoException {
  readonly reason?: string;
  /** The packet that could not be parsed. */
  readonly rawPacket?: Buffer;
}

/**
 * Answers what Node's HTTP/1.1 server refuses by itself, before there is a request: what is not HTTP, a header that is too
 * large or too late, and CONNECT. The client gets the form that it reads, as far as its header tells, and the log a line.
 */
export function refuseByWords(server: Server, refusals: RefusalLog): void {
  server.on("clientError", (error: ClientError, socket: Socket) => {
    const refusal = refusalOf(error);
    if (refusal === undefined || !socket.writable) return void socket.destroy();
    const exchange = exchangeOf(socket);
    // Words in the place of the answer to an earlier request would be taken for it.
    if (exchange?.req.complete) return void exchange.once("close", () => socket.destroySoon());
    if (exchange?.headersSent) return socket.destroySoon();
    const head = exchange?.req ?? parseHead(error.rawPacket);
    refusals.reportRequest(refusal, { ...head, host: head.headers.host, peer: socket.remoteAddress });
    writeRefusal(socket, refusal, head);
  });
  server.on("connect", (req: IncomingMessage, socket: Socket) => {
    // The same event of HTTP/2 has a response in the socket's place, and is the request handler's.
    if ("stream" in req) return;
    const target = judgeTarget(req.url ?? "");
    const message = target.kind === "refused" ? target.why : "This server does not take CONNECT.";
    const { method, url, headers } = req;
    refusals.reportRequest({ status: 400, message }, { method, url, host: headers.host, peer: socket.remoteAddress });
    writeRefusal(socket, { status: 400, message }, req);
  });
}

/** What to answer for an error; undefined where the connection itself has failed. */
function refusalOf({ code = "", reason }: ClientError): Refusal | undefined {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return { status: 431, message: `The header of the request has more than ${receivedHeaderBytesMax} bytes.` };
    case "HPE_CHUNK_EXTENSIONS_OVERFLOW":
      return { status: 413, message: "The extensions of a chunk of the request are too long." };
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return { status: 408, message: "The header of the request did not come in time." };
    default:
      if (!code.startsWith("HPE_")) return undefined;
      return { status: 400, message: `The request is not HTTP/1.1${reason ? `: ${reason}` : ""}.` };
  }
}

/** The answer that a connection is at. Node itself decides by this private property whether it may write a refusal. */
function exchangeOf(socket: Socket): ServerResponse | undefined {
  return "_httpMessage" in socket ? ((socket._httpMessage as ServerResponse | null) ?? undefined) : undefined;
}

/**
 * What can be read of a request's header that Node does not parse: which protocol the client speaks. Nothing, where the
 * header began in an earlier packet, as one that is too large does: then the client gets plain text.
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

/** Writes an answer and closes. What the client still sends is read for a while: it might lose the answer otherwise. */
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
