import { join } from "node:path";
import { expect, test } from "vitest";
import { startChild } from "../support/child.ts";
import { startHangarWith } from "../support/server.ts";
import { startTraceCollector, type CollectedSpan } from "../support/trace-collector.ts";
import { waitUntil } from "../support/wait.ts";

const support = join(import.meta.dirname, "../support");
const flight = "arrow.flight.protocol.FlightService";

function attributesOf({ attributes }: CollectedSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

test("a trace goes from the client through the proxy to the store", async () => {
  await using collector = await startTraceCollector();
  const options = `--import ${join(support, "telemetry.mjs")}`;
  const env = { NODE_OPTIONS: options, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  await using store = await startHangarWith(env);
  await using proxy = await startHangarWith(env, "--upstream", store.location);
  await using client = startChild(process.execPath, [join(support, "traced-client.mjs"), proxy.location], env);
  expect(await client.exit()).toEqual({ exitCode: 0, signal: null });
  const named = (name: string): CollectedSpan[] => collector.spans.filter((span) => span.name === name);
  const { spans } = collector;
  const counts: Record<string, number> = { "a job": 1, [`${flight}/DoAction`]: 4 };
  for (const method of ["DoPut", "GetFlightInfo", "DoGet"]) counts[`${flight}/${method}`] = 2;
  for (const [name, count] of Object.entries(counts)) await expect.poll(() => named(name)).toHaveLength(count);
  const [job] = named("a job");
  expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([job?.traceId]));
  for (const method of ["DoPut", "GetFlightInfo", "DoGet"]) {
    // Each process sends its spans by itself, in any order.
    const both = named(`${flight}/${method}`);
    const outer = both.find(({ parentSpanId }) => parentSpanId === job?.spanId);
    const inner = both.find((span) => span !== outer);
    expect(outer, method).toMatchObject({ kind: 2 });
    expect(inner, method).toMatchObject({ parentSpanId: outer?.spanId, kind: 2 });
  }
  const [put] = named(`${flight}/DoPut`);
  expect(attributesOf(put!)).toMatchObject({
    "rpc.system.name": "grpc",
    "rpc.method": `${flight}/DoPut`,
    "rpc.response.status_code": "OK",
    "server.address": "127.0.0.1",
  });
  const missing = named(`${flight}/DoAction`).filter((span) => "error.type" in attributesOf(span));
  expect(missing.map((span) => attributesOf(span)["rpc.response.status_code"])).toEqual(["NOT_FOUND", "NOT_FOUND"]);
  expect(missing.map(({ status }) => status.code ?? 0)).toEqual([0, 0]);
});

test("requests for files have HTTP spans that continue the caller's trace", async () => {
  await using collector = await startTraceCollector();
  const options = `--import ${join(support, "telemetry.mjs")}`;
  await using server = await startHangarWith({ NODE_OPTIONS: options, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  await (await fetch(`${server.url}/datasets/missing`, { headers: { traceparent } })).text();
  await waitUntil("the span is there", () => collector.spans.length === 1);
  expect(collector.spans[0]).toMatchObject({
    name: "GET /datasets/{name}",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    parentSpanId: "b7ad6b7169203331",
  });
  expect(attributesOf(collector.spans[0]!)).toMatchObject({
    "http.request.method": "GET",
    "http.route": "/datasets/{name}",
    "http.response.status_code": 404,
  });
});
