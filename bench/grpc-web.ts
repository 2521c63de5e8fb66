import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { create, toBinary } from "@bufbuild/protobuf";
import { ensurePrograms } from "../scripts/apt.ts";
import { ensureGoTool } from "../scripts/go-tools.ts";
import { TicketSchema } from "../src/gen/arrow/flight/protocol/flight_pb.ts";
import { startChild, type Child } from "../test/support/child.ts";
import { createTemporaryFolder } from "../test/support/folder.ts";
import { freePort } from "../test/support/free-port.ts";
import { startProxy, startPyarrowMemory } from "../test/support/server.ts";
import type { Comparing } from "./compare-servers.ts";
import { median, type Figure } from "./figures.ts";
import { readCpuMs } from "./process.ts";

const run = promisify(execFile);
const megabyte = 1e6;

/** The name that client.py gives its table. */
const ticket = toBinary(TicketSchema, create(TicketSchema, { ticket: Buffer.from("bench.parquet") }));

/** A server that speaks gRPC-Web. */
interface WebServer {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly rates: number[];
  readonly cpuMs: number[];
}

/**
 * Measures a DoGet in gRPC-Web by curl from improbable-eng's proxy and from Hangar as a proxy, in turns. Both are in
 * front of pyarrow's own server.
 *
 * @throws Error if the proxies' messages differ
 */
export async function measureGrpcWeb({ client, rounds, report }: Comparing): Promise<Figure[]> {
  await ensurePrograms(["curl"]);
  await using upstream = await startPyarrowMemory();
  await client.call("put", upstream.location, {});
  await using peer = await startGrpcWebProxy(upstream.port);
  await using hangar = await startProxy(upstream, "--log-level", "warn");
  await using folder = await createTemporaryFolder();
  const request = join(folder.path, "request");
  await writeFile(request, Buffer.concat([Buffer.from([0, 0, 0, 0, ticket.byteLength]), ticket]));
  const servers: WebServer[] = [
    { name: "grpcwebproxy", url: peer.url, pid: peer.child.pid, rates: [], cpuMs: [] },
    { name: "hangar", url: hangar.url, pid: hangar.child.pid, rates: [], cpuMs: [] },
  ];
  await assertSame(servers, { request, folder: folder.path });
  for (let round = 0; round < rounds; round++) {
    for (const { name, url, pid, rates, cpuMs } of round % 2 === 0 ? servers : servers.toReversed()) {
      const before = await readCpuMs(pid);
      const rate = await download(url, request, "/dev/null");
      rates.push(rate);
      cpuMs.push((await readCpuMs(pid)) - before);
      report(`round ${round + 1}, gRPC-Web, ${name}: ${rate.toFixed(0)} MB/s, CPU ${cpuMs.at(-1)} ms`);
    }
  }
  const medians = (pick: (server: WebServer) => number[]): Record<string, number> =>
    Object.fromEntries(servers.map((server) => [server.name, median(pick(server))]));
  return [
    {
      title: `DoGet of ${(client.byteLength / megabyte).toFixed(0)} MB by gRPC-Web and \`curl\``,
      unit: "MB/s",
      better: "more",
      values: medians(({ rates }) => rates),
      cpuMs: medians(({ cpuMs }) => cpuMs),
      aims: { grpcwebproxy: 0.8 },
    },
  ];
}

/** Starts improbable-eng's proxy. */
async function startGrpcWebProxy(backendPort: number): Promise<{ url: string; child: Child } & AsyncDisposable> {
  const port = await freePort();
  const child = startChild(await ensureGoTool("grpcwebproxy"), [
    `--backend_addr=127.0.0.1:${backendPort}`,
    "--run_tls_server=false",
    "--server_bind_address=127.0.0.1",
    `--server_http_debug_port=${port}`,
    "--server_http_max_write_timeout=10m",
    // Its default of 4 MiB refuses the messages of pyarrow.
    `--backend_max_call_recv_msg_size=${2 ** 30}`,
  ]);
  await child.waitFor(/listening for http/);
  return { url: `http://127.0.0.1:${port}`, child, [Symbol.asyncDispose]: () => child[Symbol.asyncDispose]() };
}

interface Files {
  /** The file with the request. */
  readonly request: string;
  /** Where answers go. */
  readonly folder: string;
}

/** Compares the messages of all servers. The trailers behind them may be written in more than one way. */
async function assertSame(servers: readonly WebServer[], { request, folder }: Files): Promise<void> {
  const digests = await Promise.all(
    servers.map(async ({ name, url }) => {
      const file = join(folder, name);
      await download(url, request, file);
      return await digestMessages(file);
    }),
  );
  if (new Set(digests).size > 1) throw new Error(`the messages of ${servers.map(({ name }) => name).join()} differ`);
}

/** Returns a digest of the messages of a response in a file, and asserts that it ends with status 0. */
async function digestMessages(file: string): Promise<string> {
  const trailersBytesMax = 4096;
  const { size } = await stat(file);
  const tail = await readAll(createReadStream(file, { start: Math.max(0, size - trailersBytesMax) }));
  const status = tail.toString("latin1").toLowerCase().lastIndexOf("grpc-status");
  if (status < 0 || !/^grpc-status: ?0/.test(tail.toString("latin1", status).toLowerCase())) {
    throw new Error("a response does not end with status 0");
  }
  // The last envelope has the flag of trailers.
  const trailers = tail.lastIndexOf(0x80, status);
  const end = size - tail.byteLength + trailers;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { end: end - 1 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

async function readAll(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  return Buffer.concat((await Array.fromAsync(chunks)) as Buffer[]);
}

/** Returns MB/s. */
async function download(url: string, request: string, file: string): Promise<number> {
  const header = ["content-type: application/grpc-web+proto", "x-grpc-web: 1"].flatMap((each) => ["-H", each]);
  const path = "/arrow.flight.protocol.FlightService/DoGet";
  const args = [
    "-s",
    "-f",
    ...header,
    "--data-binary",
    `@${request}`,
    "-o",
    file,
    "-w",
    "%{speed_download}",
    `${url}${path}`,
  ];
  const { stdout } = await run("curl", args);
  return Number(stdout) / megabyte;
}
