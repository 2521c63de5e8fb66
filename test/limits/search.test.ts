import { expect, test } from "vitest";
import { createHostileRequest, type HostileRequest } from "./hostile-request.ts";
import { Random } from "./random.ts";
import { memoryBytesMax, waitMsMax, WatchedServer, type Observation } from "./watched-server.ts";

const seed = Number(process.env["HANGAR_SEARCH_SEED"] ?? 12);
const requestCount = Number(process.env["HANGAR_SEARCH_COUNT"] ?? 10_000);

/** How often a request is tried alone before it counts: a busy machine makes others wait too, once. */
const triesMax = 3;

/** The longest answer to a request that asks for nothing real: a list of actions, a schema of reflection. */
const answerBytesMax = 256 * 1024;

/** Reflection repeats each question of a stream in its answer. */
const questionAnswerRatio = 8;

/** What is wrong, in words; undefined where nothing is. */
function faultOf(request: HostileRequest, { outcome, memoryBytes, waitMs }: Observation): string | undefined {
  if (outcome.broken !== undefined) return `it got ${outcome.broken}`;
  if (outcome.status >= 500 && outcome.status !== 501 && outcome.status !== 505) return `it got HTTP ${outcome.status}`;
  // UNKNOWN and INTERNAL: what a client did wrong has a name.
  const isNamed = outcome.grpcStatus !== "2" && (outcome.grpcStatus !== "13" || request.isFlagALie === true);
  if (!isNamed) return `it got gRPC status ${outcome.grpcStatus}: ${outcome.grpcMessage}`;
  const repeatedBytes = request.repeatedBytes ?? questionAnswerRatio * request.body.length;
  if (outcome.answerBytes > answerBytesMax + repeatedBytes) return `the answer has ${outcome.answerBytes} bytes`;
  if (memoryBytes > memoryBytesMax) return `it took ${Math.round(memoryBytes / 1e6)} MB`;
  if (waitMs > waitMsMax) return `another client waited ${Math.round(waitMs)} ms`;
  return undefined;
}

/** Tries a request on a server of its own; a fault that is not there each time is the machine's. */
async function faultAlone(request: HostileRequest): Promise<string | undefined> {
  let fault: string | undefined;
  for (let tryCount = 0; tryCount < triesMax; tryCount++) {
    await using watched = await WatchedServer.start();
    fault = faultOf(request, await watched.observe(request));
    if (!watched.isRunning) return "the server ended";
    if (fault === undefined) return undefined;
  }
  return fault;
}

// The limit is there to end what hangs: the search takes two minutes on two cores.
test(
  `${requestCount} hostile requests each leave the server alive, small and answering`,
  { timeout: 1_200_000 },
  async () => {
    const random = new Random(seed);
    const faults: string[] = [];
    let watched = await WatchedServer.start();
    try {
      for (let i = 0; i < requestCount && faults.length < 20; i++) {
        const request = createHostileRequest(random);
        const seen = faultOf(request, await watched.observe(request));
        if (seen === undefined && watched.isRunning) continue;
        await watched[Symbol.asyncDispose]();
        const fault = await faultAlone(request);
        if (fault !== undefined) faults.push(`request ${i}, ${request.title}: ${fault}`);
        watched = await WatchedServer.start();
      }
    } finally {
      await watched[Symbol.asyncDispose]();
    }
    expect(faults).toEqual([]);
  },
);
