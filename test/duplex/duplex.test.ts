import { create } from "@bufbuild/protobuf";
import { Code, createClient, type Client, type Interceptor } from "@connectrpc/connect";
import { createTransport } from "@connectrpc/connect/protocol-grpc";
import { createGrpcWebTransport, createNodeHttpClient } from "@connectrpc/connect-node";
import { describe, expect, test } from "vitest";
import { createDuplexHttpClient, streamIdHeader } from "../../src/duplex/index.ts";
import { duplexStreamsPerCallerMax } from "../../src/duplex/limits.ts";
import { FlightError, joinPieces } from "../../src/flight/index.ts";
import { FlightDataSchema, FlightService, type FlightData } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { DuplexService } from "../../src/gen/hangar/v1/duplex_service_pb.ts";
import type { FlightProducer } from "../../src/producer/index.ts";
import { createFlightServer, type FlightServerOptions } from "../../src/server/index.ts";
import { sendOnce } from "../support/duplex-send.ts";

const toMessage = (body: string | Uint8Array): FlightData =>
  create(FlightDataSchema, { dataBody: new Uint8Array(Buffer.from(body)) });

interface Clients {
  /** All RPCs of Flight, bidirectional ones too, over gRPC-Web and HTTP/1.1. */
  readonly flight: Client<typeof FlightService>;
  readonly duplex: Client<typeof DuplexService>;
  readonly url: string;
}

async function withServer(
  producer: FlightProducer,
  use: (clients: Clients) => Promise<void>,
  { interceptors = [], ...options }: Partial<FlightServerOptions> & { interceptors?: Interceptor[] } = {},
): Promise<void> {
  const server = createFlightServer({ producer, ...options });
  const { port } = await server.listen({ port: 0 });
  const baseUrl = `http://127.0.0.1:${port}`;
  const outer = createGrpcWebTransport({ baseUrl, httpVersion: "1.1" });
  const inner = createTransport({
    baseUrl,
    httpClient: createDuplexHttpClient({ transport: outer, httpClient: createNodeHttpClient({ httpVersion: "1.1" }) }),
    useBinaryFormat: true,
    interceptors,
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: 1024,
    readMaxBytes: 2 ** 30,
    writeMaxBytes: 2 ** 30,
  });
  try {
    await use({
      flight: createClient(FlightService, inner),
      duplex: createClient(DuplexService, outer),
      url: baseUrl,
    });
  } finally {
    await server.close({ drainTimeoutMs: 0 });
  }
}

describe("a bidirectional call over HTTP/1.1", () => {
  test("interleaves what is sent and what is answered", async () => {
    const producer: FlightProducer = {
      async *doExchange(_context, frames) {
        for await (const frame of frames) yield frame;
      },
    };
    await withServer(producer, async ({ flight }) => {
      const heard: (() => void)[] = [];
      async function* sent(): AsyncGenerator<FlightData> {
        for (const text of ["a", "b", "c"]) {
          const answered = new Promise<void>((resolve) => heard.push(resolve));
          yield toMessage(text);
          await answered;
        }
      }
      const got: string[] = [];
      for await (const message of flight.doExchange(sent())) {
        got.push(Buffer.from(message.dataBody).toString());
        heard.at(-1)?.();
      }
      expect(got).toEqual(["a", "b", "c"]);
    });
  });

  test("brings messages of any size, whole and in order", async () => {
    const sizes = [0, 1, 900_000, 5_000_000];
    const producer: FlightProducer = {
      async *doPut(_context, frames) {
        for await (const { body } of frames) yield { appMetadata: Buffer.from(String(checksum(joinPieces(body)))) };
      },
    };
    const bodies = sizes.map((size) => Uint8Array.from({ length: size }, (_, i) => (i * 7 + size) & 0xff));
    await withServer(producer, async ({ flight }) => {
      async function* sent(): AsyncGenerator<FlightData> {
        yield* bodies.map(toMessage);
      }
      const results = await Array.fromAsync(flight.doPut(sent()));
      expect(results.map(({ appMetadata }) => Buffer.from(appMetadata).toString())).toEqual(
        bodies.map((body) => String(checksum(body))),
      );
    });
  });

  test("has headers, trailers, errors with Arrow's status, and interceptors", async () => {
    const producer: FlightProducer = {
      async *handshake(context, requests) {
        context.responseHeader.set("x-met", context.requestHeader.get("x-from") ?? "");
        for await (const { payload } of requests) yield { payload };
        context.responseTrailer.set("x-bye", "soon");
      },
      async *doPut() {
        yield {};
        throw new FlightError("already_exists", "there is one");
      },
    };
    const interceptor: Interceptor = (next) => (request) => (request.header.set("x-from", "here"), next(request));
    await withServer(
      producer,
      async ({ flight }) => {
        const seen = { header: "", trailer: "" };
        async function* requests() {
          yield { payload: Buffer.from("hello") };
        }
        const calling = flight.handshake(requests(), {
          onHeader: (header) => (seen.header = header.get("x-met") ?? ""),
          onTrailer: (trailer) => (seen.trailer = trailer.get("x-bye") ?? ""),
        });
        expect((await Array.fromAsync(calling)).map(({ payload }) => Buffer.from(payload).toString())).toEqual([
          "hello",
        ]);
        expect(seen).toEqual({ header: "here", trailer: "soon" });
        const failing = Array.fromAsync(flight.doPut(oneThenSilence().messages));
        const error = await failing.catch((reason: unknown) => reason as { code: Code; metadata: Headers });
        expect(error).toMatchObject({ code: Code.AlreadyExists, rawMessage: "there is one" });
        expect((error as { metadata: Headers }).metadata.get("x-arrow-status")).toBe("45");
      },
      { interceptors: [interceptor] },
    );
  });

  test.each([
    // Long enough for the call to reach a busy server.
    ["a deadline", () => ({ timeoutMs: 10_000 }), Code.DeadlineExceeded],
    ["a cancellation", (leaving: AbortController) => ({ signal: leaving.signal }), Code.Canceled],
  ])("ends at %s for both sides, and its request never looks whole", async (_what, toOptions, code) => {
    const ended = Promise.withResolvers<"whole" | "cut">();
    const leaving = new AbortController();
    const producer = recordingProducer(ended.resolve, () => leaving.abort());
    await withServer(producer, async ({ flight }) => {
      const { messages } = oneThenSilence();
      await expect(Array.fromAsync(flight.doPut(messages, toOptions(leaving)))).rejects.toMatchObject({ code });
      expect(await ended.promise).toBe("cut");
    });
  });

  test("whose source breaks ends with that, and its request never looks whole", async () => {
    const ended = Promise.withResolvers<"whole" | "cut">();
    await withServer(recordingProducer(ended.resolve), async ({ flight }) => {
      async function* broken(): AsyncGenerator<FlightData> {
        yield toMessage("a");
        throw new Error("the disk is gone");
      }
      await expect(Array.fromAsync(flight.doPut(broken()))).rejects.toThrow("the disk is gone");
      expect(await ended.promise).toBe("cut");
    });
  });

  test("whose handler does not read is not sent more than the queue and the window hold", async () => {
    const proceed = Promise.withResolvers<void>();
    const producer: FlightProducer = {
      async *doPut(_context, frames) {
        await proceed.promise;
        for await (const _ of frames);
        yield {};
      },
    };
    await withServer(producer, async ({ flight }) => {
      let sentBytes = 0;
      async function* sent(): AsyncGenerator<FlightData> {
        for (; sentBytes < 64 * 2 ** 20; sentBytes += 2 ** 20) yield toMessage(new Uint8Array(2 ** 20));
      }
      const putting = Array.fromAsync(flight.doPut(sent()));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expect(sentBytes).toBeLessThan(16 * 2 ** 20);
      proceed.resolve();
      expect(await putting).toHaveLength(1);
    });
  });
});

describe("a duplex stream", () => {
  const producer: FlightProducer = {
    async *doPut(_context, frames) {
      for await (const _ of frames) yield {};
    },
  };
  const path = `/${FlightService.typeName}/DoPut`;
  const headers = [{ name: "content-type", value: "application/grpc+proto" }];

  test("can be sent to by its own caller alone", async () => {
    const authenticate = ({ header }: { header: Headers }) => ({ subject: header.get("authorization") ?? "" });
    await withServer(
      producer,
      async ({ duplex, url }) => {
        const as = (subject: string) => ({ headers: { authorization: subject } });
        const events = duplex.open({ path, headers }, as("ann"))[Symbol.asyncIterator]();
        const { event } = (await events.next()).value!;
        const streamId = event.case === "opened" ? event.value.streamId : "";
        expect(streamId).toMatch(/^[\w-]{32}$/);
        const notFound = { status: 404, error: { code: "not_found" } };
        expect(await sendOnce(url, { streamId, ...as("bob") })).toMatchObject(notFound);
        expect(await sendOnce(url, { streamId: "x", ...as("ann") })).toMatchObject(notFound);
        expect(await sendOnce(url, { streamId, isEnd: true, ...as("ann") })).toMatchObject({ status: 204 });
      },
      { authenticate },
    );
  });

  // A proxy with a login adds a token to Open and to each Send. It cannot add one to the headers inside Open.
  test.each([["authorization"], ["auth-token-bin"]])(
    "has the caller of Open, by %s, unless its call has credentials of its own",
    async (name) => {
      const callers: string[] = [];
      const authenticate = ({ header }: { header: Headers }) => ({
        subject: header.get("authorization") ?? header.get("auth-token-bin") ?? "",
      });
      const listing: FlightProducer = {
        async *listFlights({ identity }) {
          callers.push(identity.subject);
          yield* [];
        },
      };
      const list = `/${FlightService.typeName}/ListFlights`;
      const empty = { streamId: "", isEnd: true, body: new Uint8Array(5) };
      await withServer(
        listing,
        async ({ duplex, url }) => {
          for (const own of [[], [{ name: "authorization", value: "bob" }]]) {
            const outer = { headers: { [name]: "YW5u" } };
            for await (const { event } of duplex.open({ path: list, headers: [...headers, ...own] }, outer)) {
              if (event.case !== "opened") continue;
              await sendOnce(url, { ...empty, streamId: event.value.streamId, ...outer });
            }
          }
        },
        { authenticate },
      );
      expect(callers).toEqual(["YW5u", "bob"]);
    },
  );

  test("has the id that its caller has chosen, if that is one of its own", async () => {
    await withServer(producer, async ({ duplex }) => {
      const open = (id: string) =>
        duplex.open({ path, headers }, { headers: { [streamIdHeader]: id } })[Symbol.asyncIterator]();
      const chosen = "a".repeat(32);
      const events = open(chosen);
      expect((await events.next()).value?.event).toMatchObject({ case: "opened", value: { streamId: chosen } });
      for (const id of [chosen, "short", `${"a".repeat(31)}/`]) {
        await expect(open(id).next()).rejects.toMatchObject({ code: Code.InvalidArgument });
      }
      await events.return?.();
    });
  });

  test("carries no stream within itself, and nothing that is not there", async () => {
    await withServer(producer, async ({ duplex }) => {
      for (const inner of ["/hangar.v1.DuplexService/Open", "/etc/passwd"]) {
        const opening = Array.fromAsync(duplex.open({ path: inner, headers }));
        await expect(opening).rejects.toMatchObject({ code: Code.Unimplemented });
      }
    });
  });

  test(`is one of at most ${duplexStreamsPerCallerMax} of a caller, and gone when its Open is`, async () => {
    await withServer(producer, async ({ duplex }) => {
      const leaving = new AbortController();
      const opened = Array.from({ length: duplexStreamsPerCallerMax }, () =>
        duplex.open({ path, headers }, { signal: leaving.signal })[Symbol.asyncIterator](),
      );
      await Promise.all(opened.map((events) => events.next()));
      await expect(Array.fromAsync(duplex.open({ path, headers }))).rejects.toMatchObject({
        code: Code.ResourceExhausted,
      });
      leaving.abort();
      await expect.poll(() => isOpenable(duplex)).toBe(true);
    });
  });

  async function isOpenable(duplex: Clients["duplex"]): Promise<boolean> {
    const leaving = new AbortController();
    try {
      await duplex.open({ path, headers }, { signal: leaving.signal })[Symbol.asyncIterator]().next();
      return true;
    } catch {
      return false;
    } finally {
      leaving.abort();
    }
  }
});

/** Takes puts, and says of each that a frame of it came, and whether its request came to its end. */
function recordingProducer(onEnd: (outcome: "whole" | "cut") => void, onFrame = () => {}): FlightProducer {
  return {
    async *doPut(_context, frames) {
      let outcome: "whole" | "cut" = "cut";
      try {
        for await (const _ of frames) onFrame();
        outcome = "whole";
        yield {};
      } finally {
        onEnd(outcome);
      }
    },
  };
}

function oneThenSilence(): { messages: AsyncGenerator<FlightData> } {
  async function* messages(): AsyncGenerator<FlightData> {
    yield toMessage("a");
    await new Promise<void>(() => {});
  }
  return { messages: messages() };
}

function checksum(bytes: Uint8Array): number {
  let sum = bytes.byteLength;
  for (const byte of bytes) sum = (sum * 31 + byte) % 1_000_000_007;
  return sum;
}
