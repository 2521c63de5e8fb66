import { once } from "node:events";
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { createFrame } from "../../src/flight/index.ts";
import { TicketSchema } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { callsPerConnectionMax, resetBurstMax } from "../../src/server/http/limits.ts";
import { createFlightServer } from "../../src/server/index.ts";
import { cancelFrame, connectRawHttp2, headersFrame } from "../support/raw-http2.ts";

const headers = {
  ":method": "POST",
  ":path": "/arrow.flight.protocol.FlightService/DoGet",
  "content-type": "application/grpc",
};

const ticket = toBinary(TicketSchema, { $typeName: TicketSchema.typeName, ticket: new Uint8Array() });
const request = Buffer.concat([Uint8Array.of(0, 0, 0, 0, ticket.byteLength), ticket]);

function get(session: ClientHttp2Session): ClientHttp2Stream {
  const stream = session.request(headers);
  stream.on("error", () => {});
  stream.end(request);
  return stream;
}

async function withSession(
  producer: FlightProducer,
  use: (session: ClientHttp2Session) => Promise<void>,
): Promise<void> {
  const server = createFlightServer({ producer });
  const { port } = await server.listen({ port: 0 });
  const session = connect(`http://127.0.0.1:${port}`).on("error", () => {});
  try {
    await once(session, "remoteSettings");
    await use(session);
  } finally {
    session.destroy();
    await server.close({ drainTimeoutMs: 0 });
  }
}

/** Batches without end: the server always has more to send than the client has taken. */
const endless: FlightProducer = {
  async *doGet() {
    for (;;) yield createFrame({ header: Uint8Array.of(1), body: [new Uint8Array(1024 * 1024)] });
  },
};

test("2,500 gets that are left after their first bytes are all served, and another reader of their connection", async () => {
  await withSession(endless, async (session) => {
    const steady = get(session);
    await once(steady, "readable");
    const failed: unknown[] = [];
    const leaveEarly = async (count: number): Promise<void> => {
      for (let i = 0; i < count; i++) {
        const stream = get(session);
        stream.once("close", () => stream.rstCode === constants.NGHTTP2_CANCEL || failed.push(stream.rstCode));
        await Promise.race([once(stream, "data"), once(stream, "close")]);
        stream.close(constants.NGHTTP2_CANCEL);
      }
    };
    await Promise.all(Array.from({ length: 25 }, () => leaveEarly(100)));
    expect(failed).toEqual([]);
    let byteLength = 0;
    for await (const chunk of steady) if ((byteLength += (chunk as Buffer).byteLength) > 32_000_000) break;
    expect(byteLength).toBeGreaterThan(32_000_000);
  });
});

test("a client that resets what is at work gets no more calls at work than it may", async () => {
  let atWork = 0;
  let most = 0;
  const all = Promise.withResolvers<void>();
  const stuck: FlightProducer = {
    // It does not look at the call's signal, as a job in a worker does not.
    async *doGet() {
      most = Math.max(most, ++atWork);
      await all.promise;
      atWork -= 1;
      yield createFrame({ header: Uint8Array.of(1), body: [] });
    },
  };
  await withSession(stuck, async (session) => {
    for (let i = 0; i < callsPerConnectionMax + 200; i++) {
      const stream = get(session);
      await new Promise((resolve) => session.ping(resolve));
      stream.close(constants.NGHTTP2_CANCEL);
    }
    expect(most).toBe(callsPerConnectionMax);
    const refused = get(session);
    await new Promise((resolve) => refused.once("close", resolve));
    expect(refused.rstCode).toBe(constants.NGHTTP2_REFUSED_STREAM);
    all.resolve();
    const answered = get(session);
    await once(answered, "response");
  });
});

test("a connection that does nothing but reset ends", async () => {
  const server = createFlightServer({ producer: endless });
  const { port } = await server.listen({ port: 0 });
  const socket = connectRawHttp2(port);
  const ended = new Promise((resolve) => socket.once("close", resolve));
  const fields = { ...headers, ":scheme": "http", ":authority": `127.0.0.1:${port}` };
  for (let i = 0; i < 3 * resetBurstMax; i++) {
    socket.write(Buffer.concat([headersFrame(2 * i + 1, fields), cancelFrame(2 * i + 1)]));
  }
  await ended;
  await server.close({ drainTimeoutMs: 0 });
});
