import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** Passes bytes on between clients and a server until it is frozen: then it reads nothing more, and closes nothing. */
export interface FreezingRelay extends AsyncDisposable {
  readonly port: number;
  /** Has all clients vanish, as the server sees it: without FIN and without RST. */
  freeze(): void;
  /** Waits until the server has closed all connections that were frozen. */
  closedByServer(): Promise<void>;
}

/** Starts a relay before a server on this machine. */
export async function startFreezingRelay(serverPort: number): Promise<FreezingRelay> {
  const ends: { readonly client: Socket; readonly server: Socket }[] = [];
  const relay = createServer((client) => {
    const server = connect(serverPort, "127.0.0.1");
    ends.push({ client, server });
    client.pipe(server);
    server.pipe(client);
    for (const end of [client, server]) end.on("error", () => {});
  });
  await once(relay.listen(0, "127.0.0.1"), "listening");
  return {
    port: (relay.address() as AddressInfo).port,
    freeze() {
      for (const { client, server } of ends) {
        client.unpipe(server).pause();
        server.unpipe(client).pause();
      }
    },
    async closedByServer() {
      await Promise.all(
        ends.map(async ({ server }) => {
          const closed = server.destroyed ? undefined : new Promise((resolve) => server.once("close", resolve));
          // What the server sent before its end stands before the end.
          server.resume();
          await closed;
        }),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const { client, server } of ends) {
        client.destroy();
        server.destroy();
      }
      await once(relay.close(), "close");
    },
  };
}
