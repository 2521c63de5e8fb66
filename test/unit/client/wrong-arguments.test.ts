import { tableFromArrays } from "apache-arrow";
import { expect, test } from "vitest";
import { toFrames } from "../../../src/client/index.ts";
import { connect } from "../../../src/client-node/index.ts";

/** What JavaScript allows and TypeScript does not. */
const as = (value: unknown): never => value as never;

const table = tableFromArrays({ n: [1] });
// No test reaches a server.
const client = connect("grpc://localhost:1");

test.each<[string, (name: string) => unknown]>([
  ["put", (name) => client.put(name, table)],
  ["append", (name) => client.append(name, table)],
  ["get", (name) => client.get(name).table()],
  ["info", (name) => client.info(name)],
  ["schema", (name) => client.schema(name)],
  ["drop", (name) => client.drop(name)],
  ["file", (name) => client.file(name)],
  ["url", (name) => client.url(name)],
])("%s refuses a name that is not a string", async (_method, call) => {
  for (const name of [undefined, null, 5, ["geo", "cities"]]) {
    await expect((async () => await call(as(name)))()).rejects.toMatchObject({
      name: "FlightError",
      code: "invalid_argument",
      message: `the name of a dataset must be a string, not ${name === null ? "null" : typeof name}`,
    });
  }
});

test.each([[undefined], [null], ["n\n1\n"], [{ n: [1] }], [new ArrayBuffer(8)], [[{ n: 1 }]]])(
  "refuses to put %o, which is no Arrow data",
  async (data) => {
    await expect(Array.fromAsync(toFrames(as(data)))).rejects.toMatchObject({
      name: "FlightError",
      code: "invalid_argument",
      message: expect.stringMatching(/^the data is neither Arrow data nor IPC bytes; .*tableFromJSON/),
    });
  },
);

test("refuses a protocol that does not exist", () => {
  expect(() => connect("grpc://localhost:1", { protocol: as("grpcweb") })).toThrow(
    expect.objectContaining({
      code: "invalid_argument",
      message: 'the protocol must be one of "grpc", "grpc-web", "connect"',
    }),
  );
});
