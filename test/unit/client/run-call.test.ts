import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { replayedBytesMax } from "../../../src/client/limits.ts";
import {
  runStream,
  runUnary,
  toConnectOptions,
  type CallOptions,
  type CallRequest,
} from "../../../src/client/run-call.ts";

/** A call of a client without headers. */
const call = (options: CallOptions = {}): CallRequest => ({ clientHeaders: new Headers(), options });

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe("runUnary", () => {
  test("throws what the server says as a FlightError", async () => {
    const failing = runUnary(call(), () => Promise.reject(new ConnectError("no such thing", Code.NotFound)));
    await expect(failing).rejects.toMatchObject({ name: "FlightError", code: "not_found", message: "no such thing" });
  });
});

describe("runStream", () => {
  /** A call that takes its requests as fast as they come, and answers each. */
  const echo = (requests: AsyncIterable<number> | Iterable<number>, signal?: AbortSignal) => {
    const seen: { signal?: AbortSignal | undefined } = {};
    const stream = runStream(call({ signal }), (start) => {
      seen.signal = start.connectOptions.signal;
      return start.watch(requests);
    });
    return { seen, stream };
  };

  test("starts nothing before its first answer is asked for", async () => {
    const { seen, stream } = echo([1]);
    expect(seen.signal).toBeUndefined();
    await stream.next();
    expect(seen.signal?.aborted).toBe(false);
  });

  test.each(["read to its end", "left"])("aborts the call's signal when it has been %s", async (how) => {
    const { seen, stream } = echo([1, 2]);
    if (how === "left") for await (const _ of stream) break;
    else expect(await collect(stream)).toEqual([1, 2]);
    expect(seen.signal?.aborted).toBe(true);
  });

  test("leaves the source of the requests when it is left", async () => {
    let isLeft = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (;;) yield 1;
      } finally {
        isLeft = true;
      }
    }
    for await (const _ of echo(source()).stream) break;
    expect(isLeft).toBe(true);
  });

  test("gives the source's own error, whatever the call makes of it", async () => {
    const failure = new TypeError("no more");
    async function* source(): AsyncGenerator<number> {
      yield 1;
      throw failure;
    }
    let signal: AbortSignal | undefined;
    const stream = runStream(call(), (start) => {
      signal = start.connectOptions.signal;
      return (async function* () {
        try {
          yield* start.watch(source());
        } catch {
          throw new ConnectError("the request failed", Code.Internal);
        }
      })();
    });
    await expect(collect(stream)).rejects.toBe(failure);
    expect(signal).toMatchObject({ aborted: true, reason: failure });
  });

  test("does not take an error that the call throws into its requests for one of their source", async () => {
    const stream = runStream(call(), ({ watch }) =>
      (async function* () {
        const requests = watch([1, 2]);
        await requests.next();
        await requests.throw(new Error("the call has ended")).catch(() => {});
        yield* [];
        throw new ConnectError("enough", Code.ResourceExhausted);
      })(),
    );
    await expect(collect(stream)).rejects.toMatchObject({ code: "resource_exhausted", message: "enough" });
  });

  test("is CANCELLED when the caller's signal has aborted, also where that made the source throw", async () => {
    const leaving = new AbortController();
    async function* source(): AsyncGenerator<number> {
      yield 1;
      leaving.abort();
      throw new Error("the source noticed");
    }
    const stream = runStream(call({ signal: leaving.signal }), ({ connectOptions, watch }) =>
      (async function* () {
        try {
          yield* watch(source());
        } catch {
          throw ConnectError.from(connectOptions.signal?.reason, Code.Canceled);
        }
      })(),
    );
    await expect(collect(stream)).rejects.toMatchObject({ name: "FlightError", code: "cancelled" });
  });
});

describe("a streaming call whose credentials are refused", () => {
  const refusal = new ConnectError("who is it?", Code.Unauthenticated);
  const renewing = (): CallRequest => {
    const authorization = async (): Promise<string> => "Bearer old";
    return { ...call(), credentials: { authorization, renew: async () => "Bearer new" } };
  };
  /** A server that takes a number of requests before it looks at the credentials. */
  const callTaking = (requestCount: number, source: AsyncIterable<number>, seen: number[][]) =>
    runStream(renewing(), ({ connectOptions, watch }) =>
      (async function* () {
        const taken: number[] = [];
        seen.push(taken);
        const requests = watch(source, () => replayedBytesMax / 4);
        const isKnown = new Headers(connectOptions.headers).get("authorization") === "Bearer new";
        for await (const request of requests) {
          taken.push(request);
          if (isKnown) yield request;
          else if (taken.length === requestCount) throw refusal;
        }
      })(),
    );
  async function* source(left: { isLeft?: boolean } = {}): AsyncGenerator<number> {
    try {
      yield* [1, 2, 3, 4, 5, 6, 7];
    } finally {
      left.isLeft = true;
    }
  }

  test("is made again with all of its requests", async () => {
    const seen: number[][] = [];
    const left = {};
    expect(await collect(callTaking(3, source(left), seen))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect([seen, left]).toEqual([
      [
        [1, 2, 3],
        [1, 2, 3, 4, 5, 6, 7],
      ],
      { isLeft: true },
    ]);
  });

  test("fails when more of its requests have been taken than are kept, and leaves their source", async () => {
    const seen: number[][] = [];
    const left = {};
    await expect(collect(callTaking(5, source(left), seen))).rejects.toMatchObject({ code: "unauthenticated" });
    expect([seen, left]).toEqual([[[1, 2, 3, 4, 5]], { isLeft: true }]);
  });

  test("fails when it has given an answer already", async () => {
    let startCount = 0;
    const stream = runStream(renewing(), () =>
      (async function* () {
        yield ++startCount;
        throw refusal;
      })(),
    );
    await expect(collect(stream)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(startCount).toBe(1);
  });

  test("fails when the new credentials are refused, too", async () => {
    let startCount = 0;
    const stream = runStream(renewing(), () => {
      startCount += 1;
      throw refusal;
    });
    await expect(collect(stream)).rejects.toMatchObject({ code: "unauthenticated" });
    expect(startCount).toBe(2);
  });
});

test("the headers of a call go over those of its client", () => {
  const clientHeaders = new Headers({ authorization: "client", "x-client": "1" });
  const options = { headers: { Authorization: "call", "x-call": "2" } };
  const { connectOptions } = toConnectOptions({ clientHeaders, options });
  expect([...new Headers(connectOptions.headers)]).toEqual([
    ["authorization", "call"],
    ["x-call", "2"],
    ["x-client", "1"],
  ]);
  expect(clientHeaders.get("authorization")).toBe("client");
});
