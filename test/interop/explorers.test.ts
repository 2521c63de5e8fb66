import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureGoTool } from "../../scripts/go-tools.ts";
import { startHangar, type TestServer } from "../support/server.ts";

const run = promisify(execFile);

let server: TestServer;
let grpcurl: string;
beforeAll(async () => {
  server = await startHangar();
  grpcurl = await ensureGoTool("grpcurl");
}, 600_000);
afterAll(() => server[Symbol.asyncDispose]());

const services = [
  "arrow.flight.protocol.FlightService",
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
  "hangar.v1.DatasetService",
  "hangar.v1.DuplexService",
];

describe("grpcurl", () => {
  async function ask(...args: string[]): Promise<string> {
    return (await run(grpcurl, ["-plaintext", ...args])).stdout;
  }

  test("lists the services", async () => {
    expect((await ask(`127.0.0.1:${server.port}`, "list")).trim().split("\n").sort()).toEqual(services);
  });

  test.each([
    ["arrow.flight.protocol.FlightService", "rpc DoGet ( .arrow.flight.protocol.Ticket )"],
    ["arrow.flight.protocol.FlightService.DoPut", "rpc DoPut ( stream .arrow.flight.protocol.FlightData )"],
    ["hangar.v1.Dataset", ".google.protobuf.Timestamp changed"],
    ["google.protobuf.Timestamp", "int64 seconds"],
  ])("describes %s", async (symbol, words) => {
    expect(await ask(`127.0.0.1:${server.port}`, "describe", symbol)).toContain(words);
  });

  test("is told that there is no such symbol", async () => {
    await expect(ask(`127.0.0.1:${server.port}`, "describe", "no.Such")).rejects.toThrow("Symbol not found");
  });

  test("calls by what it has learnt", async () => {
    const listed = await ask(
      "-d",
      '{"pageSize": 5}',
      `127.0.0.1:${server.port}`,
      "hangar.v1.DatasetService/ListDatasets",
    );
    expect(JSON.parse(listed)).toEqual({});
    const flight = ["-d", '{"type":"PATH","path":["nope"]}', `127.0.0.1:${server.port}`];
    await expect(ask(...flight, "arrow.flight.protocol.FlightService/GetFlightInfo")).rejects.toThrow("NotFound");
  });
});

describe("buf curl", () => {
  test.each(["grpc-v1", "grpc-v1alpha"])("explores by reflection %s, and calls", async (protocol) => {
    const common = ["curl", "--http2-prior-knowledge", "--protocol", "grpc", "--reflect-protocol", protocol];
    const { stdout: methods } = await run("buf", [...common, "--list-methods", server.url]);
    expect(methods).toContain("arrow.flight.protocol.FlightService/DoExchange");
    const { stdout } = await run("buf", [...common, "-d", "{}", `${server.url}/grpc.health.v1.Health/Check`]);
    expect(JSON.parse(stdout)).toEqual({ status: "SERVING" });
  });
});

describe("/metrics", () => {
  test("counts calls, and what they carried", async () => {
    const body = new TextEncoder().encode("no file");
    await (await fetch(`${server.url}/datasets/wrong`, { method: "PUT", body })).text();
    await (await fetch(`${server.url}/datasets/wrong`, { method: "BREW" })).text();
    const ask = async (): Promise<string> => await (await fetch(`${server.url}/metrics`)).text();
    for (const line of [
      'hangar_calls_total{method="arrow.flight.protocol.FlightService/GetFlightInfo",code="not_found"} 1',
      'hangar_calls_total{method="PUT /datasets/",code="invalid_argument"} 1',
      'hangar_calls_active{method="PUT /datasets/"} 0',
      'hangar_data_bytes_total{direction="received"} 7',
      'hangar_call_duration_seconds_count{method="PUT /datasets/"} 1',
    ]) {
      await expect.poll(async () => (await ask()).split("\n")).toContain(line);
    }
    const answer = await fetch(`${server.url}/metrics`);
    expect(answer.headers.get("content-type")).toContain("text/plain");
    const text = await answer.text();
    expect(text).toMatch(/^hangar_workers [1-9]/m);
    expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(text).toMatch(/^hangar_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
    expect((await fetch(`${server.url}/metrics`, { method: "POST" })).status).toBe(405);
  });
});
