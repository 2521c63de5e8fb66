import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createToken, type AccessConfig } from "../../src/auth/index.ts";
import { createPathDescriptor } from "../../src/flight/index.ts";
import { FlightService } from "../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { DatasetService } from "../../src/gen/hangar/v1/dataset_service_pb.ts";
import { serveGuardedStore, type GuardedServer } from "./guarded-servers.ts";
import { waysIn } from "./ways-in.ts";

/** A dataset that may not be read is as if it were not there. */

const able = createToken();
const unable = createToken();
const config: AccessConfig = {
  anonymous: "none",
  tokens: [
    { name: "able", sha256: able.sha256 },
    { name: "unable", sha256: unable.sha256 },
  ],
  rules: [
    { subjects: ["able"], rights: ["read", "replace", "drop"], datasets: ["**"] },
    { subjects: ["unable"], rights: ["read", "drop"], datasets: ["open/**"] },
  ],
};

let server: GuardedServer;
beforeAll(async () => void (server = await serveGuardedStore(config)));
afterAll(() => server[Symbol.asyncDispose]());

const headersOf = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Calls about a dataset, of which each says what became of it. */
const calls: Record<string, (name: string, token: string) => Promise<unknown>> = {
  GetFlightInfo: (name, token) => flight().getFlightInfo(createPathDescriptor(name.split("/")), headersOf(token)),
  "GetFlightInfo by a command": (name, token) =>
    flight().getFlightInfo({ type: 2, cmd: utf8(JSON.stringify({ dataset: name, columns: ["?"] })) }, headersOf(token)),
  PollFlightInfo: (name, token) => flight().pollFlightInfo(createPathDescriptor(name.split("/")), headersOf(token)),
  GetSchema: (name, token) => flight().getSchema(createPathDescriptor(name.split("/")), headersOf(token)),
  DoGet: (name, token) => Array.fromAsync(flight().doGet({ ticket: utf8(name) }, headersOf(token))),
  "DoGet of a part": (name, token) =>
    Array.fromAsync(flight().doGet({ ticket: utf8(`.part:{"dataset":"${name}","version":"1"}`) }, headersOf(token))),
  "DoAction drop_dataset": (name, token) =>
    Array.fromAsync(flight().doAction({ type: "drop_dataset", body: utf8(name) }, headersOf(token))),
  GetDataset: (name, token) => datasets().getDataset({ name, statistics: true }, headersOf(token)),
  PreviewRows: (name, token) => datasets().previewRows({ name, columns: ["?"] }, headersOf(token)),
  DropDataset: (name, token) => datasets().dropDataset({ name }, headersOf(token)),
};

const flight = () => createClient(FlightService, waysIn.gRPC(server));
const datasets = () => createClient(DatasetService, waysIn.Connect(server));

interface SeenError {
  readonly code: string;
  readonly message: string;
  readonly metadata: readonly string[][];
}

const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString();

/** An error as a client sees all of it, but for the dataset's name. */
async function errorOf(call: Promise<unknown>, name: string): Promise<SeenError | undefined> {
  try {
    await call;
    return undefined;
  } catch (reason) {
    const { code, rawMessage, metadata } = ConnectError.from(reason);
    const seen = [...metadata].filter(([key]) => !["date", "content-length", "grpc-message"].includes(key));
    const shown = seen.map(([key, value]) => [key, key.endsWith("-bin") ? fromBase64(value) : value]);
    return JSON.parse(
      JSON.stringify({ code: Code[code], message: rawMessage, metadata: shown }).replaceAll(name, "NAME"),
    ) as SeenError;
  }
}

describe.each(Object.entries(calls))("%s", (_name, call) => {
  test("says the same of a dataset that is hidden, of one that is not there, and to one who may read", async () => {
    const hidden = await errorOf(call("secret/a", unable.token), "secret/a");
    expect(hidden).toMatchObject({ code: "NotFound", message: 'there is no dataset "NAME"' });
    expect(hidden).toEqual(await errorOf(call("secret/zz", unable.token), "secret/zz"));
    expect(hidden).toEqual(await errorOf(call("secret/zz", able.token), "secret/zz"));
    expect(hidden).toEqual(await errorOf(call("open/zz", unable.token), "open/zz"));
  });
});

test.each(["GET", "HEAD", "DELETE"])("%s of a file says the same", async (method) => {
  const answerOf = async (name: string, token: string): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${server.port}/datasets/${name}`, {
      method,
      ...headersOf(token),
    });
    const headers = [...response.headers].filter(([key]) => !["date", "content-length"].includes(key));
    return [response.status, headers, (await response.text()).replaceAll(name, "NAME")];
  };
  const hidden = await answerOf("secret/a", unable.token);
  expect(hidden).toEqual(await answerOf("secret/zz", unable.token));
  expect(hidden).toEqual(await answerOf("secret/zz", able.token));
});

test("a folder of hidden datasets is as if it were not there", async () => {
  const answerOf = async (path: string, token: string): Promise<unknown> => {
    const headers = { accept: "application/json", ...headersOf(token).headers };
    const response = await fetch(`http://127.0.0.1:${server.port}/datasets/${path}`, { headers, redirect: "manual" });
    return [response.status, (await response.text()).replaceAll(/secret|other/g, "NAME")];
  };
  expect(await answerOf("", unable.token)).toEqual([200, expect.not.stringContaining("NAME")]);
  expect(await answerOf("", able.token)).toEqual([200, expect.stringContaining("NAME/")]);
  for (const slash of ["", "/"]) {
    expect(await answerOf(`secret${slash}`, unable.token)).toEqual(await answerOf(`other${slash}`, unable.token));
  }
  expect(await answerOf("secret", able.token)).toEqual([301, ""]);
});

test("pages of a listing are as long as if hidden datasets were not there", async () => {
  for (const [page, pageSize] of [
    [["open/a"], 1],
    [["open/a"], 2],
    [["open/a"], 1000],
  ] as const) {
    const answer = await datasets().listDatasets({ pageSize }, headersOf(unable.token));
    expect(answer.datasets.map(({ name }) => name)).toEqual(page);
    expect(answer.nextPageToken).toBe("");
  }
  const first = await datasets().listDatasets({ pageSize: 2 }, headersOf(able.token));
  expect(first.datasets.map(({ name }) => name)).toEqual(["open/a", "secret/a"]);
  const pageToken = first.nextPageToken;
  const last = await datasets().listDatasets({ pageSize: 2, pageToken }, headersOf(able.token));
  expect(last.datasets.map(({ name }) => name)).toEqual(["secret/b"]);
  expect(last.nextPageToken).toBe("");
  // A token of another's page shows nothing either.
  const others = await datasets().listDatasets({ pageSize: 2, pageToken }, headersOf(unable.token));
  expect(others.datasets).toEqual([]);
});
