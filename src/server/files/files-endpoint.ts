import { filesPath } from "../../dataset/index.ts";
import { Code, ConnectError } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { FlightError, toConnectError } from "../../flight/index.ts";
import type { CallContext, DatasetCatalog, DatasetFiles } from "../../producer/index.ts";
import type { Admit } from "../rpc/admit.ts";
import type { Sender } from "../rpc/call-context.ts";
import type { Limiter } from "../limits/limiter.ts";
import type { CallObserver, ObservedCall } from "../calls/call-observer.ts";
import type { ByteStreamRequest } from "../rpc/byte-stream-request.ts";
import type { RequestAnswerer } from "../rpc/splice-handler.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import { encodeJsonError } from "../http/json-error.ts";
import { filesRoot, parseFileQuery } from "./file-query.ts";
import { answerFolder, isFolder, isFolderPath } from "./folder-answer.ts";
import { getFile } from "./get-file.ts";
import { versionCondition } from "../http/preconditions.ts";
import { appendFile } from "./append-file.ts";
import { putFile } from "./put-file.ts";
import { once } from "../http/once.ts";

/** The dependencies of the endpoint. */
export interface FilesEndpointOptions {
  readonly files: DatasetFiles;
  /** The source of lists of folders; none by default. */
  readonly catalog: DatasetCatalog | undefined;
  readonly admit: Admit;
  readonly translator: ErrorTranslator;
  readonly observer: CallObserver;
  readonly limiter: Limiter;
}

const fileMethods = ["GET", "HEAD", "PUT", "DELETE"];

/** POST appends to a folder. */
const folderMethods = ["GET", "HEAD", "POST"];

/** Returns the handler of requests below `/datasets/`, which serves datasets as files to plain HTTP clients. */
export function createFilesEndpoint(options: FilesEndpointOptions): RequestAnswerer {
  const { observer, translator } = options;
  return {
    // A truncated PUT must not be stored as a complete file.
    takesStream: true,
    givesStream: true,
    answer: async (request, from) => {
      // Clients can send any method name, and each would create a new metric series.
      const method = [...fileMethods, ...folderMethods].includes(request.method) ? request.method : "other";
      const { signal } = request;
      const observed = beginFileCall(observer, method, request, from);
      const received = counted(request.body, (byteLength) => observed.addBytes("received", byteLength));
      try {
        return await translator.response({ name: `${method} ${filesPath}`, observed, signal }, async () => {
          const response = await answer({ ...request, body: received }, from, { ...options, observed }).then(
            (answered) => withLength(answered, request.method),
            (reason: unknown) => {
              observed.span.set("http.response.status_code", statusOf(toConnectError(reason), request));
              throw reason;
            },
          );
          observed.span.set("http.response.status_code", response.status);
          if (response.body === undefined) return response;
          return { ...response, body: counted(response.body, (byteLength) => observed.addBytes("sent", byteLength)) };
        });
      } catch (reason) {
        // The client has disconnected, so it gets no response.
        if (signal.aborted || !(reason instanceof ConnectError)) throw reason;
        return answerWithError(reason, request);
      }
    },
  };
}

/** Starts the observation of a request for a file. Source: OpenTelemetry's semantic conventions for HTTP spans. */
function beginFileCall(
  observer: CallObserver,
  method: string,
  { header, httpVersion }: ByteStreamRequest,
  { peer, origin }: Sender,
): ObservedCall {
  const attributes = {
    "http.request.method": method === "other" ? "_OTHER" : method,
    "http.route": `${filesPath}{name}`,
    "url.scheme": origin.protocol.slice(0, -1),
    "server.address": origin.hostname,
    "network.protocol.version": httpVersion,
  };
  const name = `${method} ${filesPath}`;
  return observer.begin({ method: name, spanName: `${name}{name}`, protocol: "http", peer, header, attributes });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (byteLength: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.byteLength);
    yield chunk;
  }
}

/**
 * Adds Content-Length: 0 to a response without a body, if its status allows a body. HEAD has the length of GET if it is
 * known.
 */
function withLength(response: UniversalServerResponse, method: string): UniversalServerResponse {
  const { status, body } = response;
  const header = new Headers(response.header);
  const isUnknown = method === "HEAD" && status === 200;
  if (body === undefined && !isUnknown && status !== 204 && status !== 304 && !header.has("content-length")) {
    header.set("content-length", "0");
  }
  return { ...response, header };
}

async function answer(
  request: ByteStreamRequest,
  from: Sender,
  { files, catalog, admit, limiter, observed }: FilesEndpointOptions & { readonly observed: ObservedCall },
): Promise<UniversalServerResponse> {
  const { method } = request;
  const url = new URL(request.url);
  const methods = isFolderPath(url.pathname) ? folderMethods : fileMethods;
  if (!methods.includes(method)) return { status: 405, header: new Headers({ allow: methods.join(", ") }) };
  const name = `${method} ${filesPath}`;
  const identity = await admit({ method: name, httpMethod: method, header: request.header, from }, "caller");
  observed.identity = identity;
  limiter.admit(observed, { method: name, peer: from.peer }, identity);
  const { peer, origin } = from;
  const context: CallContext = {
    identity,
    method: name,
    peer,
    origin,
    requestHeader: request.header,
    responseHeader: new Headers(),
    responseTrailer: new Headers(),
    signal: request.signal,
    note: (facts) => observed.note(facts),
    claimUploadBytes: (byteLength) => observed.claimUploadBytes(byteLength),
    putLimits: observed.putLimits,
    timeoutMs: () => undefined,
  };
  const isHead = method === "HEAD";
  const isRead = method === "GET" || isHead;
  if (catalog && isRead && url.pathname === filesRoot) return toFolder(url);
  if (catalog && isRead && isFolderPath(url.pathname)) {
    return await answerFolder(catalog, context, { url, isHead });
  }
  if (method === "POST") return await appendFile(files, context, { url, body: request.body });
  const query = parseFileQuery(url);
  const condition = versionCondition(request.header);
  if (!isRead && (query.isPart || query.format !== null)) {
    throw new FlightError("invalid_argument", `a ${method} takes no parameters`);
  }
  if (method === "PUT") return await putFile(files, context, { name: query.name, condition, body: request.body });
  if (isRead) {
    try {
      return await getFile(files, context, { ...query, isHead });
    } catch (reason) {
      const isMissing = reason instanceof FlightError && reason.code === "not_found";
      if (!isMissing || !catalog || !(await isFolder(catalog, context, url.pathname))) throw reason;
      return toFolder(url);
    }
  }
  await files.dropFile(context, query.name, condition);
  return { status: 204 };
}

/** Sends the client from a folder without `/` at its end to the folder, so that relative links work. */
function toFolder({ pathname, search }: URL): UniversalServerResponse {
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  return { status: 301, header: new Headers({ location: `./${last}/${search}` }) };
}

function answerWithError(error: ConnectError, request: ByteStreamRequest): UniversalServerResponse {
  const { header: headers, body } = encodeJsonError(error);
  headers.set("content-length", String(body.byteLength));
  return { status: statusOf(error, request), header: headers, body: request.method === "HEAD" ? none() : once(body) };
}

/** Returns the HTTP status of an error. An unmet condition of the request is 412. Source: RFC 9110, section 13.2.1. */
function statusOf({ code }: ConnectError, { method, header }: ByteStreamRequest): number {
  const isWrite = method === "PUT" || method === "DELETE";
  const isUnmet = code === Code.FailedPrecondition || (code === Code.NotFound && header.has("if-match"));
  if (isWrite && header.has("if-match") && isUnmet) return 412;
  if (isWrite && header.has("if-none-match") && code === Code.AlreadyExists) return 412;
  // A put has this code if its name conflicts with another dataset.
  return code === Code.FailedPrecondition ? 409 : codeToHttpStatus(code);
}

async function* none(): AsyncGenerator<Uint8Array> {}
