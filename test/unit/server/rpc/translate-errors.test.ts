import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { FlightError } from "../../../../src/flight/index.ts";
import { CallObserver } from "../../../../src/server/calls/call-observer.ts";
import { silentLogger } from "../../../../src/server/logger.ts";
import { Metrics } from "../../../../src/server/metrics.ts";
import { createErrorTranslator, type HttpCall } from "../../../../src/server/rpc/translate-errors.ts";

function setUp() {
  const error = vi.fn();
  const metrics = new Metrics();
  const translator = createErrorTranslator({ ...silentLogger, error });
  const observer = new CallObserver({ logger: silentLogger, metrics });
  const observed = observer.begin({ method: "GET /datasets/", protocol: "http", peer: "", header: new Headers() });
  const call: HttpCall = { name: "GET /datasets/", observed, signal: new AbortController().signal };
  const count = async (code: string): Promise<boolean> =>
    (await metrics.toText()).text.includes(`hangar_calls_total{method="GET /datasets/",code="${code}"} 1`);
  return { call, translator, count, error };
}

async function* chunks(reason?: Error): AsyncGenerator<Uint8Array> {
  yield new Uint8Array([1]);
  if (reason) throw reason;
}

describe("the response of an HTTP endpoint", () => {
  test("counts as a call that lasts until the end of the body", async () => {
    const { call, translator, count } = setUp();
    const { body } = await translator.response(call, async () => ({ status: 200, body: chunks() }));
    expect(await count("ok")).toBe(false);
    await Array.fromAsync(body!);
    expect(await count("ok")).toBe(true);
  });

  test("that the client does not read to its end counts as cancelled", async () => {
    const { call, translator, count } = setUp();
    const { body } = await translator.response(call, async () => ({ status: 200, body: chunks() }));
    for await (const _ of body!) break;
    expect(await count("canceled")).toBe(true);
  });

  test("tells the client nothing of an internal error in the body, and the log everything", async () => {
    const { call, translator, count, error } = setUp();
    const reason = new TypeError("/srv/datasets is odd");
    const { body } = await translator.response(call, async () => ({ status: 200, body: chunks(reason) }));
    await expect(Array.fromAsync(body!)).rejects.toMatchObject({ code: Code.Internal, rawMessage: "internal error" });
    expect(error).toHaveBeenCalledExactlyOnceWith({ err: reason, method: call.name }, "a call failed");
    expect(await count("internal")).toBe(true);
  });

  test("is an error where the handler throws before it", async () => {
    const { call, translator, count, error } = setUp();
    const reason = new FlightError("not_found", "there is no dataset x");
    await expect(translator.response(call, () => Promise.reject(reason))).rejects.toMatchObject({
      code: Code.NotFound,
    });
    expect(error).not.toHaveBeenCalled();
    expect(await count("not_found")).toBe(true);
  });
});

test("whatever is thrown after a call was aborted is the reason of the abort", () => {
  const { call, translator } = setUp();
  const leaving = new AbortController();
  leaving.abort(new ConnectError("the client left", Code.Canceled));
  const error = translator.translate({ ...call, signal: leaving.signal }, new TypeError("read of a closed file"));
  expect(error).toMatchObject({ code: Code.Canceled, rawMessage: "the client left" });
});
