import { tableFromArrays, tableToIPC, type RecordBatch } from "apache-arrow";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CredentialOptions, DatasetClient } from "../../src/client/index.ts";
import { createFrame, createPathDescriptor } from "../../src/flight/index.ts";
import { decodeIpcStream } from "../../src/arrow/index.ts";

const table = tableFromArrays({ n: Int32Array.of(1, 2, 3) });
const ipc = new Uint8Array(tableToIPC(table, "stream"));
const file = new Blob([ipc]);

/** How a client is made, and what its calls with two streams are made of. */
export interface CredentialsWay {
  readonly connect: (options: CredentialOptions) => DatasetClient;
  /** Whether they are made of Opens and Sends. */
  readonly isDuplex: boolean;
}

/** What a client does with its token or password, on any way to the server of `serve-credentials.ts`. */
export function describeCredentials({ connect, isDuplex }: CredentialsWay): void {
  const clients: DatasetClient[] = [];
  const open = (options: CredentialOptions): DatasetClient => {
    const client = connect(options);
    clients.push(client);
    return client;
  };
  const control = async (type: string): Promise<string> => {
    let text = "";
    const { flight } = clients[0] ?? open({});
    for await (const { body } of flight.doAction({ type }, { headers: { "x-control": "yes" } })) {
      text = new TextDecoder().decode(body);
    }
    return text;
  };
  let askedCount = 0;
  /** A client of a function that always knows the token of the day. */
  const openWithFunction = (): DatasetClient =>
    open({
      token: async () => {
        askedCount += 1;
        return `day-${await control("day")}`;
      },
    });
  const refused = async (): Promise<string[]> => JSON.parse(await control("refused")) as string[];
  beforeEach(async () => {
    askedCount = 0;
    open({});
    await refused();
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  const framesFor = (name: string) =>
    [...decodeIpcStream(ipc)].map((frame, index) =>
      index === 0 ? createFrame({ ...frame, descriptor: createPathDescriptor([name]) }) : frame,
    );
  const put = isDuplex ? "Open" : "DoPut";
  const calls: Record<string, [method: string, run: (client: DatasetClient) => Promise<unknown>]> = {
    "a unary call": ["GetFlightInfo", (client) => client.info("it")],
    "a stream": ["ListFlights", (client) => Array.fromAsync(client.list())],
    "an action": ["ListActions", (client) => Array.fromAsync(client.flight.listActions())],
    "a page of the catalog": ["ListDatasets", (client) => Array.fromAsync(client.datasets.list())],
    "a put of a table": [put, (client) => client.put("table", table)],
    "a put of batches that are made once": [put, (client) => client.put("batches", makeBatches())],
    "an exchange": [isDuplex ? "Open" : "DoExchange", (client) => exchange(client)],
    "a get of a file": ["/datasets/it", (client) => getFile(client)],
    "a put of a file": ["/datasets/file", (client) => client.put("file", file)],
  };
  async function* makeBatches(): AsyncGenerator<RecordBatch> {
    yield* table.batches;
    yield* table.batches;
  }
  async function getFile(client: DatasetClient): Promise<void> {
    const response = await client.file("it", { format: "csv", columns: ["n"] });
    expect([response.status, await response.text()]).toEqual([200, expect.stringMatching(/^n\r?\n1\r?\n/)]);
  }
  async function exchange({ flight }: DatasetClient): Promise<void> {
    expect(await Array.fromAsync(flight.doExchange(framesFor("exchanged")))).toHaveLength(2);
  }

  test.each(Object.entries(calls))("%s is made again, once, with the token that is new", async (_title, [, run]) => {
    const client = openWithFunction();
    await client.put("it", table);
    expect([askedCount, await refused()]).toEqual([1, []]);
    await control("rotate");
    await run(client);
    expect([askedCount, (await refused()).length]).toEqual([2, 1]);
    if (run === calls["a put of batches that are made once"]![1]) {
      expect((await client.get("batches").table()).numRows).toBe(6);
    }
  });

  test("calls at the same time share a renewal", async () => {
    const client = openWithFunction();
    await client.put("it", table);
    await control("rotate");
    await Promise.all(Array.from({ length: 4 }, () => client.info("it")));
    expect(askedCount).toBe(2);
  });

  test("a get outlives the token of its FlightInfo, which each endpoint is asked with anew", async () => {
    const client = openWithFunction();
    await client.put("it", table);
    const batches = client.get("it", { endpoints: 1 })[Symbol.asyncIterator]();
    const first = batches.next();
    await control("rotate");
    expect((await first).value?.numRows).toBe(3);
    await batches.return(undefined);
  });

  test("a put outlives its token", async () => {
    const client = openWithFunction();
    let hasRotated = false;
    const frameCount = Number(await control("frames"));
    async function* batches(): AsyncGenerator<RecordBatch> {
      yield* table.batches;
      // The first batch has come to the server, with its schema.
      await expect.poll(async () => Number(await control("frames"))).toBe(frameCount + 2);
      await control("rotate");
      hasRotated = true;
      for (let index = 0; index < 20; index++) yield* table.batches;
    }
    expect(await client.put("long", batches())).toMatchObject({ rowCount: 63 });
    // A call is judged when it begins; over HTTP/1.1 each Send is a call.
    expect((await refused()).includes("Send")).toBe(isDuplex);
    expect([hasRotated, (await client.info("long")).rowCount]).toEqual([true, 63]);
  });

  test("a password is exchanged once, and again when its token is refused", async () => {
    const client = open({ username: "ann", password: "open sesame" });
    await Promise.all([client.put("it", table), client.put("other", table)]);
    await client.put("file", file);
    expect(await refused()).toEqual([]);
    await control("rotate");
    expect(await client.info("it")).toMatchObject({ rowCount: 3 });
    expect(await refused()).toEqual(["GetFlightInfo"]);
  });

  test("a token that stands is sent once, and no error has a secret in it", async () => {
    for (const options of [{ token: "s3cret" }, { username: "ann", password: "s3cret" }]) {
      const client = open(options);
      const basic = btoa("ann:s3cret");
      for (const [, run] of [
        calls["a unary call"]!,
        calls["a put of a table"]!,
        calls["a put of a file"]!,
        calls["a get of a file"]!,
      ]) {
        await refused();
        const failure = await run(client).catch((reason: unknown) => reason);
        expect(failure).toMatchObject({ name: "FlightError", code: "unauthenticated", message: "who is it?" });
        expect(String((failure as Error).stack)).not.toMatch(/s3cret/);
        expect(String((failure as Error).stack)).not.toContain(basic);
        expect(await refused()).toHaveLength(1);
      }
    }
  });

  test("a call's own authorization goes over the client's, and is not renewed", async () => {
    const client = openWithFunction();
    const options = { headers: { authorization: "Bearer mine" } };
    await expect(client.info("it", options)).rejects.toMatchObject({ code: "unauthenticated" });
    expect([askedCount, await refused()]).toEqual([0, ["GetFlightInfo"]]);
  });

  test("a call that waits for its token ends in time, and by its signal", async () => {
    const client = open({ token: () => new Promise<string>(() => {}) });
    await expect(client.info("it", { timeoutMs: 1 })).rejects.toMatchObject({ code: "deadline_exceeded" });
    const leaving = new AbortController();
    const waiting = client.put("it", table, { signal: leaving.signal });
    leaving.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  });
}
