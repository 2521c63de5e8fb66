import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listDatasets } from "../support/json-call.ts";
import { openHttp2Stream } from "../support/raw-http.ts";
import { startHangar, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startHangar();
});
afterAll(() => server[Symbol.asyncDispose]());

/** The first bytes of a gRPC message that declares so many. */
function declare(byteLength: number): Uint8Array {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(byteLength, 1);
  return bytes;
}

const resourceExhausted = "8";
const unimplemented = "12";

// The client never ends its side: unless the server closes the stream, the test waits in vain.
describe("a message over the limit ends its call and closes the stream:", () => {
  test.each([
    ["one of 512 MiB and a byte to DoPut", "DoPut", 512 * 1024 * 1024 + 1, resourceExhausted],
    ["one of 4 GiB to DoPut", "DoPut", 0xffff_ffff, resourceExhausted],
    ["one of 4 GiB to DoExchange, which the store does not have", "DoExchange", 0xffff_ffff, unimplemented],
    ["one of 4 GiB to Handshake, which the store does not have", "Handshake", 0xffff_ffff, unimplemented],
    ["one of 4 GiB to GetFlightInfo", "GetFlightInfo", 0xffff_ffff, resourceExhausted],
    ["one of 4 GiB to DoAction", "DoAction", 0xffff_ffff, resourceExhausted],
  ])("%s", async (_title, method, byteLength, status) => {
    const fields = {
      ":path": `/arrow.flight.protocol.FlightService/${method}`,
      "content-type": "application/grpc",
      te: "trailers",
    };
    const answer = await openHttp2Stream(server.port, fields, declare(byteLength));
    expect(answer.fields["grpc-status"]).toBe(status);
    expect(answer.rstCode).toBe(0);
    expect(await listDatasets(server.url)).toEqual([]);
  });
});
