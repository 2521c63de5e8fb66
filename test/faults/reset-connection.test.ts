import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";

test.each([
  ["when it is connected", -1],
  ["before it has sent anything", 0],
  ["after its first bytes", 1],
])("a server that is killed %s is UNAVAILABLE", async (_when, byteCount) => {
  await using stack = new AsyncDisposableStack();
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (byteCount < 0) return void socket.resetAndDestroy();
    // A killed process resets connections whose bytes it has not read.
    socket.once("data", () => {
      if (byteCount > 0) socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]), () => socket.resetAndDestroy());
      else socket.resetAndDestroy();
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  stack.defer(() => void server.close());
  const client = stack.adopt(connect(`grpc://127.0.0.1:${(server.address() as AddressInfo).port}`), (each) =>
    each.close(),
  );
  await expect(client.get("a").table()).rejects.toMatchObject({ code: "unavailable" });
  await expect(client.info("a")).rejects.toMatchObject({ code: "unavailable" });
});
