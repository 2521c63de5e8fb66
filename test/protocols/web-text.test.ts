import { request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { buffer } from "node:stream/consumers";
import { setImmediate as nextTurn } from "node:timers/promises";
import { create, fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFrame, joinPieces } from "../../src/flight/index.ts";
import {
  FlightDataSchema,
  PutResultSchema,
  SchemaResultSchema,
  FlightDescriptorSchema,
  TicketSchema,
} from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServer } from "../../src/server/index.ts";

const service = "/arrow.flight.protocol.FlightService";
const text = "application/grpc-web-text";
const bodies = [0, 1, 2, 3, 9_001, 1_000_000].map((byteLength, i) => new Uint8Array(byteLength).fill(i + 1));
const frameOf = (body: Uint8Array) => createFrame({ header: Uint8Array.of(1, 2), body: [body] });

let proceed = Promise.withResolvers<void>();
const producer: FlightProducer = {
  getSchema: async (_context, { path }) => ({ schema: Buffer.from(path.join("/")) }),
  async *doGet(_context, { ticket }) {
    for (const body of bodies) yield frameOf(body);
    if (Buffer.from(ticket).toString() !== "slow") return;
    await proceed.promise;
    yield frameOf(bodies[1]!);
  },
  async *doPut(_context, frames) {
    for await (const frame of frames) yield { appMetadata: joinPieces(frame.body) };
  },
};

let server: FlightServer;
let port: number;
beforeAll(async () => {
  server = createFlightServer({ producer, corsOrigins: ["https://app.example"] });
  ({ port } = await server.listen({ port: 0 }));
});
afterAll(() => server.close({ drainTimeoutMs: 0 }));

function envelop<D extends DescMessage>(schema: D, message: MessageShape<D>): Buffer {
  const bytes = toBinary(schema, message);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes.byteLength, 1);
  return Buffer.concat([head, bytes]);
}

/** What a client reads: texts one behind the other, each possibly padded. */
const decode = (answer: string): Buffer =>
  Buffer.concat((answer.match(/[^=]+=*/g) ?? []).map((part) => Buffer.from(part, "base64")));

/** The messages of an answer, and the trailers behind them. */
function read<D extends DescMessage>(schema: D, bytes: Buffer): { messages: MessageShape<D>[]; trailer: string } {
  const messages: MessageShape<D>[] = [];
  let trailer = "";
  for (let at = 0; at < bytes.byteLength;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    const data = bytes.subarray(at + 5, end);
    if (bytes[at] === 0x80) trailer = data.toString("latin1");
    else messages.push(fromBinary(schema, data));
    at = end;
  }
  return { messages, trailer };
}

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

/** Writes a request in pieces, each in a turn of its own. */
async function call(method: string, pieces: readonly string[], headers: Record<string, string> = {}): Promise<Answer> {
  const fields = { "content-type": text, ...headers };
  const request = httpRequest({
    port,
    host: "127.0.0.1",
    method: "POST",
    path: `${service}/${method}`,
    headers: fields,
  });
  request.setNoDelay(true);
  const answered = new Promise<Answer>((resolve, reject) => {
    request.on("error", reject);
    request.on("response", (response) => {
      const type = response.headers["content-type"];
      buffer(response).then(
        (bytes) => resolve({ status: response.statusCode, type, text: bytes.toString("latin1") }),
        reject,
      );
    });
  });
  for (const piece of pieces) {
    request.write(piece);
    await nextTurn();
  }
  request.end();
  return await answered;
}

const question = envelop(
  FlightDescriptorSchema,
  create(FlightDescriptorSchema, { path: ["a", "long name of a flight"] }),
);
const whole = question.toString("base64");
const inPieces = (byteLength: number): string[] => whole.match(new RegExp(`.{1,${byteLength}}`, "g"))!;
const padded = [question.subarray(0, 1), question.subarray(1, 9), question.subarray(9)].map((part) =>
  part.toString("base64"),
);

describe("a call of gRPC-Web in base64", () => {
  test.each([
    ["as a whole", [whole]],
    ["a character at a time", inPieces(1)],
    ["cut inside of every four characters", inPieces(3)],
    ["in texts with padding in the middle", padded],
    ["in such texts as one", [padded.join("")]],
    ["in such texts a character at a time", [...padded.join("")]],
  ])("is answered when it is sent %s", async (_how, pieces) => {
    const answer = await call("GetSchema", pieces);
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining(text) as string });
    const { messages, trailer } = read(SchemaResultSchema, decode(answer.text));
    expect(messages.map(({ schema }) => Buffer.from(schema).toString())).toEqual(["a/long name of a flight"]);
    expect(trailer).toContain("grpc-status: 0");
  });

  test.each([text, `${text}+proto`])("as %s gets a stream of Arrow data as it was", async (contentType) => {
    const ticket = envelop(TicketSchema, create(TicketSchema)).toString("base64");
    const answer = await call("DoGet", [ticket], { "content-type": contentType });
    const { messages, trailer } = read(FlightDataSchema, decode(answer.text));
    expect(messages.map(({ dataBody }) => dataBody.byteLength)).toEqual(bodies.map(({ byteLength }) => byteLength));
    expect(messages.every(({ dataBody }, i) => Buffer.compare(dataBody, bodies[i]!) === 0)).toBe(true);
    expect(trailer).toContain("grpc-status: 0");
  });

  test.each([
    ["base64 of another alphabet", ["AAAA-_"]],
    ["a line break", [`${whole.slice(0, 4)}\n${whole.slice(4)}`]],
    ["an end inside of four characters", [whole.replaceAll("=", "").slice(0, 9)]],
    ["misplaced padding", [`A===${whole}`]],
  ])("with %s is INVALID_ARGUMENT", async (_what, pieces) => {
    const answer = await call("GetSchema", pieces);
    expect(answer).toMatchObject({ status: 200, type: expect.stringContaining(text) as string });
    const { messages, trailer } = read(SchemaResultSchema, decode(answer.text));
    expect(messages).toEqual([]);
    expect(trailer).toContain(`grpc-status: ${Code.InvalidArgument}`);
    expect(decodeURIComponent(trailer)).toContain("the request's body is not base64");
  });

  test("gets the error of a handler in base64 too", async () => {
    const answer = await call("GetFlightInfo", [whole]);
    expect(read(SchemaResultSchema, decode(answer.text)).trailer).toContain(`grpc-status: ${Code.Unimplemented}`);
  });

  test.each([
    [text, "application/grpc-web+proto", "application/grpc-web+proto"],
    ["application/grpc-web+proto", text, `${text}+proto`],
  ])("as %s that accepts %s is answered, and refused, as %s", async (contentType, accept, type) => {
    const body = contentType === text ? [whole] : [question.toString("latin1")];
    for (const headers of [{}, { host: "foreign.example" }]) {
      const answer = await call("GetSchema", body, { "content-type": contentType, accept, ...headers });
      expect(answer.type?.replace("+proto", "")).toBe(type.replace("+proto", ""));
      const bytes = type.includes("text") ? decode(answer.text) : Buffer.from(answer.text, "latin1");
      expect(read(SchemaResultSchema, bytes).trailer).toMatch("host" in headers ? /grpc-status: 7/ : /grpc-status: 0/);
    }
  });

  test("gets each message to its last byte before the next one is there", async () => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    proceed = Promise.withResolvers();
    try {
      const stream = session.request({ ":method": "POST", ":path": `${service}/DoGet`, "content-type": text });
      const ticket = create(TicketSchema, { ticket: Buffer.from("slow") });
      stream.end(envelop(TicketSchema, ticket).toString("base64"));
      let answer = "";
      let isHeld = true;
      for await (const chunk of stream) {
        answer += (chunk as Buffer).toString("latin1");
        const total = bodies.reduce((sum, body) => sum + body.byteLength, 0);
        if (!isHeld || decode(answer).byteLength < total) continue;
        const bytes = decode(answer);
        let end = 0;
        for (let i = 0; i < bodies.length && end + 5 <= bytes.byteLength; i++) end += 5 + bytes.readUInt32BE(end + 1);
        if (end !== bytes.byteLength) continue;
        isHeld = false;
        proceed.resolve();
      }
      expect(isHeld).toBe(false);
      expect(read(FlightDataSchema, decode(answer)).messages).toHaveLength(bodies.length + 1);
    } finally {
      session.destroy();
    }
  });

  test("streams a request over HTTP/2", async () => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    try {
      const stream = session.request({ ":method": "POST", ":path": `${service}/DoPut`, "content-type": text });
      for (const dataBody of bodies) {
        const message = envelop(FlightDataSchema, create(FlightDataSchema, { dataHeader: Uint8Array.of(1), dataBody }));
        stream.write(message.toString("base64"));
      }
      stream.end();
      const { messages } = read(PutResultSchema, decode((await buffer(stream)).toString("latin1")));
      expect(messages.map(({ appMetadata }) => appMetadata.byteLength)).toEqual(bodies.map((body) => body.byteLength));
    } finally {
      session.destroy();
    }
  });

  test("may come from a page of a listed origin", async () => {
    const origin = "https://app.example";
    const url = `http://127.0.0.1:${port}${service}/GetSchema`;
    const asked = {
      "access-control-request-method": "POST",
      "access-control-request-headers": "x-grpc-web,x-user-agent",
    };
    const preflight = await fetch(url, { method: "OPTIONS", headers: { origin, ...asked } });
    expect(preflight.headers.get("access-control-allow-headers")).toBe("x-grpc-web,x-user-agent");
    const answer = await fetch(url, { method: "POST", headers: { origin, "content-type": text }, body: whole });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toMatch(/grpc-status/i);
  });
});
