import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { encodeAddress, readUnanswered } from "../../../../src/server/http/unanswered.ts";

describe("what the kernel says of connections", () => {
  test.each([
    ["127.0.0.1", "127.0.0.1", "/proc/net/tcp"],
    ["::1", "::1", "/proc/net/tcp6"],
    ["::", "127.0.0.1", "/proc/net/tcp6"],
  ])("of a server at %s is found by the address of its client at %s", async (host, target, table) => {
    const server = createServer().listen(0, host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = connect(port, target);
    const [socket] = await once(server, "connection");
    const hex = client.localPort!.toString(16).toUpperCase().padStart(4, "0");
    expect(await readFile(table, "latin1")).toContain(` ${encodeAddress(socket.remoteAddress)}:${hex} `);
    expect((await readUnanswered([socket]))(socket)).toBe(0);
    client.destroy();
    socket.destroy();
    server.close();
  });
});
