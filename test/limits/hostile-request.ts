import { gzipSync } from "node:zlib";
import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { Health } from "../../src/gen/grpc/health/v1/health_pb.ts";
import { ServerReflection } from "../../src/gen/grpc/reflection/v1/reflection_pb.ts";
import { DatasetService } from "../../src/gen/hangar/v1/dataset_service_pb.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import { createPut } from "./puts.ts";
import { binaryShapes, delimited, field, jsonShapes } from "./shapes.ts";
import type { Random } from "./random.ts";

/** A request as it is on the wire. */
export interface HostileRequest {
  /** What it is, for the report of a failure. */
  readonly title: string;
  readonly version: 1 | 2;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** What the answer repeats, as Flight has it, in bytes: the application metadata of a put. */
  readonly repeatedBytes?: number;
  /** Whether a flag says that a message is compressed where no header says how: INTERNAL, in gRPC's words and Connect's. */
  readonly isFlagALie?: boolean;
  /** Whether the answer goes on until the client leaves, once it has begun. */
  readonly isEndless?: boolean;
}

const services: readonly DescService[] = [FlightService, DatasetService, DuplexService, Health, ServerReflection];
const methods = services.flatMap((service) => service.methods);

const kibi = 1024;
const mebi = 1024 * kibi;

/** Sizes of messages before compression: most are small, so that many are tried; a few are as large as is looked for. */
function pickByteLength(random: Random): number {
  const roll = random.next();
  if (roll < 0.003) return 60 * mebi;
  if (roll < 0.03) return random.below(16 * mebi);
  if (roll < 0.2) return random.below(2 * mebi);
  return Math.ceil(2 ** (random.next() * 16));
}

/** Makes a request that costs as much as it can. */
export function createHostileRequest(random: Random): HostileRequest {
  const roll = random.next();
  let make = createCall;
  if (roll < 0.08) make = createFilesRequest;
  else if (roll < 0.14) make = createGet;
  else if (roll < 0.2) make = createPutCall;
  const request = make(random);
  return random.chance(0.03) ? withLongHeader(request, random) : request;
}

/** A DoPut that begins well. */
function createPutCall(random: Random): HostileRequest {
  const messages = createPut(random, pickByteLength(random));
  const type = random.pick(["grpc", "grpc-web", "connect"]);
  const isGzip = random.chance(0.3);
  const envelopes = messages.map((message) => toEnvelope(isGzip ? gzipSync(message, { level: 1 }) : message, isGzip));
  return {
    title: `DoPut, application/${type}+proto, a schema of ${messages[0]!.length} bytes, ${messages.length} messages${isGzip ? ", gzip" : ""}`,
    version: 2,
    method: "POST",
    path: pathOf(FlightService.method.doPut),
    headers: { "content-type": `application/${type}+proto`, ...(isGzip && encodingHeader(type, "gzip")) },
    body: Buffer.concat(envelopes),
    repeatedBytes: messages.reduce((sum, message) => sum + message.length, 0),
  };
}

function createCall(random: Random): HostileRequest {
  const method = random.pick(methods);
  const isJson = random.chance(0.4);
  const isUnary = method.methodKind === "unary" && random.chance(0.4);
  const [shapeName, shape] = random.pick(Object.entries(isJson ? jsonShapes : binaryShapes));
  const message =
    isFlightData(method) && !isJson && random.chance(0.5)
      ? createFlightData(random)
      : shape(random, method.input, pickByteLength(random));
  const encoding = random.pick([
    "identity",
    "identity",
    "gzip",
    "gzip",
    "no gzip",
    "gzip without a name",
    "unknown",
  ] as const);
  const family = isUnary ? "unary" : random.pick(["grpc", "grpc-web", "connect"] as const);
  const body = isUnary ? compress(message, encoding) : envelop(random, message, encoding);
  const contentType = `application/${isUnary ? "" : family + "+"}${isJson ? "json" : "proto"}`;
  return {
    title: `${method.name}, ${contentType}, ${shapeName} of ${message.length} bytes, ${encoding}`,
    version: method.methodKind === "bidi_streaming" || family === "grpc" || random.chance(0.5) ? 2 : 1,
    method: "POST",
    path: pathOf(method),
    isEndless: method.name === "Watch",
    isFlagALie: encoding === "gzip without a name" || hasOddFlag(body, encoding),
    headers: {
      "content-type": contentType,
      ...encodingHeader(family, encoding),
      ...(family === "grpc" && { te: "trailers" }),
    },
    body,
  };
}

type Encoding = "identity" | "gzip" | "no gzip" | "gzip without a name" | "unknown";

/** Flags that are neither a plain message's nor those of a compression that is named. */
function hasOddFlag(body: Buffer, encoding: Encoding): boolean {
  const isCompressed = encoding === "gzip" || encoding === "no gzip";
  return body.length >= 5 && body[0]! > (isCompressed ? 1 : 0);
}

function encodingHeader(family: string, encoding: Encoding): Record<string, string> {
  const name = { unary: "content-encoding", connect: "connect-content-encoding" }[family] ?? "grpc-encoding";
  if (encoding === "gzip" || encoding === "no gzip") return { [name]: "gzip" };
  return encoding === "unknown" ? { [name]: "x".repeat(9_000) } : {};
}

function compress(message: Buffer, encoding: Encoding): Buffer {
  return encoding === "gzip" || encoding === "gzip without a name" ? gzipSync(message, { level: 1 }) : message;
}

/** Puts a message into an envelope, or many, or into one that lies. */
function envelop(random: Random, message: Buffer, encoding: Encoding): Buffer {
  const isFlagged = encoding === "gzip" || encoding === "no gzip" || encoding === "gzip without a name";
  if (message.length < 64 && random.chance(0.3)) {
    const envelope = toEnvelope(compress(message, encoding), isFlagged);
    return Buffer.alloc(envelope.length * Math.ceil(pickByteLength(random) / envelope.length), envelope);
  }
  const envelope = toEnvelope(compress(message, encoding), isFlagged);
  if (random.chance(0.05)) envelope.writeUInt32BE(random.pick([2 ** 32 - 1, 2 ** 29, 2 ** 20, envelope.length + 1]), 1);
  if (random.chance(0.03)) envelope[0] = random.below(256);
  return envelope;
}

function toEnvelope(message: Uint8Array, isFlagged: boolean): Buffer {
  const bytes = Buffer.alloc(5 + message.byteLength);
  bytes[0] = isFlagged ? 1 : 0;
  bytes.writeUInt32BE(message.byteLength, 1);
  bytes.set(message, 5);
  return bytes;
}

/** FlightData has a path of its own, field by field. */
function createFlightData(random: Random): Buffer {
  const parts: Buffer[] = [];
  for (let left = 1 + random.below(4); left > 0; left--) {
    const size = pickByteLength(random);
    parts.push(
      random.pick([
        () => delimited(1, Buffer.concat([field(1, 0, [1]), Buffer.alloc(size & ~1, field(3, 2, [0]))])),
        () => delimited(1, Buffer.concat([field(1, 0, [1]), delimited(3, Buffer.alloc(size, 0x61))])),
        () => delimited(2, random.bytes(Math.min(size, 4096))),
        () => delimited(2, Buffer.alloc(size)),
        () => delimited(3, Buffer.alloc(size, 0x6d)),
        () => delimited(1000, Buffer.alloc(size)),
        () => Buffer.alloc(size & ~1, field(15, 2, [0])),
      ])(),
    );
  }
  return Buffer.concat(parts);
}

function isFlightData(method: DescMethod): boolean {
  return method.input.name === "FlightData";
}

function createGet(random: Random): HostileRequest {
  const method = random.pick(DatasetService.methods);
  const isJson = random.chance(0.5);
  const [shapeName, shape] = random.pick(Object.entries(isJson ? jsonShapes : binaryShapes));
  const isGzip = random.chance(0.5);
  const message = shape(random, method.input, isGzip ? pickByteLength(random) : random.below(9000));
  const bytes = isGzip ? gzipSync(message, { level: 9 }) : message;
  const query = new URLSearchParams({ connect: "v1", encoding: isJson ? "json" : "proto" });
  if (isGzip) query.set("compression", "gzip");
  query.set("base64", "1");
  query.set("message", bytes.toString("base64url").slice(0, 12_000));
  return {
    title: `GET ${method.name}, ${isJson ? "json" : "proto"}, ${shapeName} of ${message.length} bytes${isGzip ? ", gzip" : ""}`,
    version: random.chance(0.5) ? 2 : 1,
    method: "GET",
    path: `${pathOf(method)}?${query.toString()}`,
    headers: {},
    body: Buffer.alloc(0),
  };
}

function createFilesRequest(random: Random): HostileRequest {
  const size = random.below(12_000);
  const value = random
    .pick(["a", "(", "'", '"', "[", "%F0%9F%98%80", "%5B%5D,", "1", "%00", "not "])
    .repeat(1 + size / 12);
  const query = random.pick([
    "",
    `?filter=${value}`,
    `?columns=${value}`,
    `?column=${value}`,
    `?offset=${value}`,
    `?${value}=1`,
    `?filter=a+in+(${"1,".repeat(size / 2)}1)`,
  ]);
  const name = random.pick(["x", value, `${value}/${value}`, "/".repeat(size), "a/".repeat(size / 2)]);
  const method = random.pick(["GET", "HEAD", "PUT", "DELETE"]);
  const isPut = method === "PUT";
  const body = isPut
    ? random.pick([
        Buffer.alloc(pickByteLength(random)),
        random.bytes(1000),
        Buffer.from("ARROW1\0\0"),
        Buffer.from("PAR1PAR1"),
      ])
    : Buffer.alloc(0);
  return {
    title: `${method} of a file, a name of ${name.length} characters, a query of ${query.length}, ${body.length} bytes`,
    version: random.chance(0.5) ? 2 : 1,
    method,
    path: encodeURI(`/datasets/${name}${query}`).slice(0, 14_000).replace(/%.?$/, ""),
    headers: isPut && random.chance(0.3) ? { "content-encoding": "gzip" } : {},
    body,
  };
}

function withLongHeader(request: HostileRequest, random: Random): HostileRequest {
  const byteLength = request.version === 1 ? random.below(12_000) : random.below(64_000);
  const name = random.pick([
    "x-long",
    "authorization",
    "grpc-timeout",
    "connect-timeout-ms",
    "if-match",
    "accept",
    "range",
  ]);
  const value = random.pick(["a", "1", '"', ","]).repeat(byteLength);
  return {
    ...request,
    title: `${request.title}, ${name} of ${byteLength} bytes`,
    headers: { ...request.headers, [name]: value },
  };
}

function pathOf(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}
