import type { DescMethod } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import {
  ByteReader,
  carriesFlightData,
  FlightError,
  joinPieces,
  limitError,
  toConnectError,
} from "../../flight/index.ts";
import { checkMessage, type MessageFormat } from "./check-message.ts";
import { boundProtocolHeaders } from "./bound-headers.ts";
import type { ServerLimits } from "../limits/server-limits.ts";
import { expand, expandedEncoding, type ExpansionLimits } from "./expand.ts";
import type { ByteStreamRequest } from "./byte-stream-request.ts";
import { Turns } from "./turns.ts";

/*
 * A message is parsed only after its size, its decompressed size and its number of values were checked. Connect limits
 * only the bytes of a message, but a message of two-byte fields needs fifty times its size in memory. `detachBodies`
 * checks binary FlightData while it arrives.
 */

/** A request whose body, and message in the URL, are checked before Connect parses them. */
export interface GuardedRequest extends ByteStreamRequest {
  /** Checks a message in the URL. Call it after the caller was authenticated. @throws ConnectError */
  readonly checkHead: () => Promise<void>;
}

/** The format of the messages of a request. */
interface MessageRules extends ExpansionLimits {
  readonly method: DescMethod;
  readonly format: MessageFormat;
  /** Whether messages may have a compression that this server decompresses. */
  readonly isExpanded: boolean;
  /** Whether a message can be checked as a whole. Messages with compressions that Connect decodes cannot. */
  readonly isLegible: boolean;
  /** The maximum number of values of a message. */
  readonly itemsMax: number;
}

/** Options of `guardRequest`. */
export interface GuardOptions {
  readonly limits: ServerLimits;
  /** Called with an error of the body. Connect reports it to the client, but to nobody else. */
  readonly onError: (reason: unknown) => void;
}

/** The framing of messages: an envelope for each, or the whole body. */
const envelopedType = /^application\/(?:grpc|grpc-web|connect)(?:\+(proto|json))?\s*(?:;|$)/i;
const unaryType = /^application\/(proto|json)\s*(?:;|$)/i;

/** Adds the checks of its messages to a request. Errors of the body become ConnectErrors. */
export function guardRequest(request: ByteStreamRequest, method: DescMethod, options: GuardOptions): GuardedRequest {
  const header = boundProtocolHeaders(request.header);
  const { limits, onError } = options;
  const guarded = { ...request, header, checkHead: async () => await checkHead(request, method, options) };
  if (request.method === "GET") return guarded;
  const type = header.get("content-type") ?? "";
  const enveloped = envelopedType.exec(type);
  if (enveloped) {
    const format = enveloped[1]?.toLowerCase() === "json" ? "json" : "proto";
    const encoding = header.get(/^application\/connect/i.test(type) ? "connect-content-encoding" : "grpc-encoding");
    const rules = rulesFor({ method, format, encoding, limits });
    if (isBinaryFlightData(rules) && !rules.isExpanded) return guarded;
    return { ...guarded, body: withConnectErrors(guardEnvelopes(request.body, rules), onError) };
  }
  const unary = unaryType.exec(type);
  if (!unary) return guarded;
  const format = unary[1]?.toLowerCase() as MessageFormat;
  const rules = rulesFor({ method, format, encoding: header.get("content-encoding"), limits });
  const body = withConnectErrors(guardWhole(request.body, rules, Number(header.get("content-length") ?? 0)), onError);
  return { ...guarded, header: rules.isExpanded ? withoutEncoding(header) : header, body };
}

interface MessageKind extends Pick<MessageRules, "method" | "format"> {
  readonly encoding: string | null;
  readonly limits: ServerLimits;
}

function rulesFor({ method, format, encoding, limits }: MessageKind): MessageRules {
  const isExpanded = encoding === expandedEncoding;
  const isLegible = isExpanded || encoding === null || encoding === "" || encoding === "identity";
  const { expansionRatio: ratioMax, messageItems: itemsMax } = limits;
  return { method, format, isExpanded, isLegible, itemsMax, ratioMax, ...sizeLimitOf(method, format, limits) };
}

function sizeLimitOf(
  method: DescMethod,
  format: MessageFormat,
  { compressedMessageBytes, controlMessageBytes, jsonMessageBytes }: ServerLimits,
): Pick<MessageRules, "bytesMax" | "sizeLimit"> {
  if (!carriesFlightData(method, "input")) return { sizeLimit: "control-message-bytes", bytesMax: controlMessageBytes };
  if (format === "json") return { sizeLimit: "json-message-bytes", bytesMax: jsonMessageBytes };
  return { sizeLimit: "compressed-message-bytes", bytesMax: compressedMessageBytes };
}

function isBinaryFlightData({ method, format }: MessageRules): boolean {
  return format === "proto" && carriesFlightData(method, "input");
}

/** Flags of an envelope. Source: gRPC over HTTP/2, Connect's protocol. */
const compressedFlag = 1;

async function* guardEnvelopes(bytes: AsyncIterable<Uint8Array>, rules: MessageRules): AsyncGenerator<Uint8Array> {
  const reader = new ByteReader(bytes);
  const turns = new Turns();
  try {
    while (await reader.hasMore()) {
      await turns.share();
      const envelope = await reader.read(5);
      const byteLength = new DataView(envelope.buffer).getUint32(1);
      const flags = envelope[0]!;
      if (flags === 0 && isBinaryFlightData(rules)) {
        yield envelope;
        for (let left = byteLength; left > 0;) {
          const piece = await reader.next(left);
          left -= piece.byteLength;
          yield piece;
        }
        continue;
      }
      assertFits(byteLength, rules);
      yield* guardEnvelope(flags, await reader.read(byteLength), rules);
    }
  } finally {
    await reader.cancel();
  }
}

async function* guardEnvelope(flags: number, data: Uint8Array, rules: MessageRules): AsyncGenerator<Uint8Array> {
  const isExpanded = (flags & compressedFlag) !== 0 && rules.isExpanded;
  const expanded = isExpanded ? await expand(data, rules) : data;
  const flagsLeft = isExpanded ? flags ^ compressedFlag : flags;
  if (flagsLeft === 0 && !isBinaryFlightData(rules)) checkMessage(rules.method, expanded, rules);
  const envelope = new Uint8Array(5);
  envelope[0] = flagsLeft;
  new DataView(envelope.buffer).setUint32(1, expanded.byteLength);
  yield joinPieces([envelope, expanded]);
}

async function* guardWhole(
  bytes: AsyncIterable<Uint8Array>,
  rules: MessageRules,
  declaredBytes: number,
): AsyncGenerator<Uint8Array> {
  assertFits(declaredBytes, rules);
  const pieces: Uint8Array[] = [];
  let byteLength = 0;
  for await (const piece of bytes) {
    byteLength += piece.byteLength;
    assertFits(byteLength, rules);
    pieces.push(piece);
  }
  const body = joinPieces(pieces);
  const message = rules.isExpanded ? await expand(body, rules) : body;
  if (rules.isLegible) checkMessage(rules.method, message, rules);
  yield message;
}

async function checkHead(
  { method, url }: ByteStreamRequest,
  rpc: DescMethod,
  { limits, onError }: GuardOptions,
): Promise<void> {
  if (method !== "GET") return;
  try {
    await checkQuery(new URL(url), rpc, limits);
  } catch (reason) {
    onError(reason);
    throw toConnectError(reason);
  }
}

/** A message in a URL is small, but its decompressed size may be large. Source: Connect's protocol, unary GET. */
async function checkQuery({ searchParams }: URL, method: DescMethod, limits: ServerLimits): Promise<void> {
  const format = searchParams.get("encoding") === "json" ? "json" : "proto";
  const rules = rulesFor({ method, format, encoding: searchParams.get("compression"), limits });
  const text = searchParams.get("message") ?? "";
  if (!rules.isLegible) return;
  const bytes = searchParams.get("base64") === "1" ? decodeBase64(text) : new TextEncoder().encode(text);
  checkMessage(method, rules.isExpanded ? await expand(bytes, rules) : bytes, rules);
}

function decodeBase64(text: string): Uint8Array {
  try {
    return base64Decode(text);
  } catch (reason) {
    throw new FlightError("invalid_argument", "the message in the URL is not base64", { cause: reason });
  }
}

function assertFits(byteLength: number, { bytesMax, sizeLimit }: MessageRules): void {
  if (byteLength > bytesMax) throw limitError(sizeLimit, `a message has more than ${bytesMax} bytes`);
}

/** Connect forwards only its own errors to a client. */
async function* withConnectErrors(
  bytes: AsyncIterable<Uint8Array>,
  onError: (reason: unknown) => void,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (reason) {
    onError(reason);
    throw toConnectError(reason);
  }
}

function withoutEncoding(header: Headers): Headers {
  const expanded = new Headers(header);
  expanded.delete("content-encoding");
  expanded.delete("content-length");
  return expanded;
}
