import { tableFromArrays } from "apache-arrow";
import { expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startHangar, startProxy } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";

type Line = Record<string, unknown>;

/** The lines of a server's log with this message, each parsed; not the one that is still being written. */
function linesOf(output: string, message: string): Line[] {
  const lines = output
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);
}

test.each(["the store", "the proxy"])(
  "%s writes a line for each call, and an audit line for each change",
  async (kind) => {
    await using store = await startHangar();
    await using proxy = await startProxy(store);
    const server = kind === "the store" ? store : proxy;
    const client = connect(server.location);
    const calls = (method: string): Line[] =>
      linesOf(server.child.output(), "call").filter(
        (line) => line["method"] === `arrow.flight.protocol.FlightService/${method}`,
      );
    await client.put("cities", tableFromArrays({ city: ["Oslo", "Bern"] }));
    await client.get("cities").table();
    await client.drop("cities");
    await expect(client.info("a\u2028b")).rejects.toMatchObject({ code: "not_found" });
    await (await fetch(`${server.url}/healthz`)).text();
    await waitUntil(
      "the calls and changes are logged",
      () =>
        ["DoPut", "DoGet", "DoAction"].every((method) => calls(method).length === 1) &&
        calls("GetFlightInfo").length === 2 &&
        linesOf(server.child.output(), "audit").length === 2,
    );
    const isStore = kind === "the store";
    // An open proxy does not look into puts.
    const put = isStore ? { right: "write", dataset: "cities" } : { right: "replace" };
    const about = isStore ? { dataset: "cities" } : {};
    expect(calls("DoPut")).toEqual([
      expect.objectContaining({ code: "ok", protocol: "grpc", rows: isStore ? 2 : 0, subject: "", ...about }),
    ]);
    expect(calls("DoGet")).toEqual([expect.objectContaining({ code: "ok", rows: isStore ? 2 : 0, dataset: "cities" })]);
    expect(calls("DoGet")[0]?.["bytes"]).toBeGreaterThan(8);
    expect(calls("GetFlightInfo")[1]).toMatchObject({ code: "not_found", dataset: String.raw`a\u{2028}b` });
    const audit = linesOf(server.child.output(), "audit");
    expect(audit.map(({ right, dataset, code }) => ({ right, dataset, code }))).toEqual([
      { ...put, code: "ok" },
      { right: "drop", dataset: "cities", code: "ok" },
    ]);
    expect(new Set(audit.map(({ call }) => call)).size).toBe(2);
    client.close();
  },
);

test("--log-level warn keeps the audit, and silent nothing", async () => {
  for (const level of ["warn", "silent"]) {
    await using server = await startHangar("--log-level", level);
    const client = connect(server.location);
    await client.put("cities", tableFromArrays({ city: ["Oslo"] }));
    await client.drop("cities");
    client.close();
    server.child.kill("SIGTERM");
    await server.child.exit();
    expect(linesOf(server.child.output(), "call"), level).toEqual([]);
    expect(linesOf(server.child.output(), "audit"), level).toHaveLength(level === "warn" ? 2 : 0);
  }
});
