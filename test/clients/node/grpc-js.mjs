// Google's gRPC client for JavaScript against a server that has the dataset `seed`: `grpc-js.mjs HOST PORT PROTO` prints
// a line of JSON a check.
import assert from "node:assert/strict";
import { credentials, loadPackageDefinition, status } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

const [host, port, proto] = process.argv.slice(2);
const { FlightService } = loadPackageDefinition(loadSync(proto, { defaults: true })).arrow.flight.protocol;
// No limit is set: messages above gRPC's own limit of 4 MiB are refused.
const client = new FlightService(`${host}:${port}`, credentials.createInsecure());
const name = "grpc-js";
const pathOf = (path) => ({ type: "PATH", path: [path] });

/** The answer of a unary call. */
const call = (method, request) =>
  new Promise((resolve, reject) =>
    client[method](request, (error, answer) => (error ? reject(error) : resolve(answer))),
  );

/** All that a call streams back. */
async function all(stream) {
  const messages = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

async function get(dataset) {
  const info = await call("GetFlightInfo", pathOf(dataset));
  return await all(client.DoGet(info.endpoint[0].ticket));
}

async function put(dataset, messages) {
  const stream = client.DoPut();
  const answers = all(stream);
  messages.forEach(({ dataHeader, dataBody }, i) =>
    stream.write({ dataHeader, dataBody, ...(i === 0 && { flightDescriptor: pathOf(dataset) }) }),
  );
  stream.end();
  await answers;
}

const bodiesOf = (messages) => messages.map(({ dataBody }) => dataBody.toString("base64"));
const expectNotFound = (promise) => assert.rejects(promise, { code: status.NOT_FOUND });

const checks = {
  async "put and get"() {
    const seed = await get("seed");
    await put(name, seed);
    assert.deepEqual(bodiesOf(await get(name)), bodiesOf(seed));
  },
  async list() {
    const flights = await all(client.ListFlights({}));
    assert.ok(flights.some(({ flightDescriptor }) => flightDescriptor.path[0] === name));
  },
  async "info and schema"() {
    const [info, { schema }] = await Promise.all([
      call("GetFlightInfo", pathOf(name)),
      call("GetSchema", pathOf(name)),
    ]);
    assert.equal(Number(info.totalRecords), 3);
    assert.ok(schema.equals(info.schema));
  },
  async drop() {
    await all(client.DoAction({ type: "drop_dataset", body: Buffer.from(name) }));
    await expectNotFound(call("GetFlightInfo", pathOf(name)));
  },
  "error of a missing dataset": () => expectNotFound(call("GetSchema", pathOf("nowhere"))),
  async "gets above 4 MiB"() {
    const messages = await get("seed-large");
    const bytes = messages.reduce((sum, { dataBody }) => sum + dataBody.byteLength, 0);
    assert.ok(bytes >= 40_000_000, `${bytes} bytes`);
  },
};

for (const [check, run] of Object.entries(checks)) {
  const error = await run().then(() => "", String);
  process.stdout.write(`${JSON.stringify({ check, error })}\n`);
}
client.close();
