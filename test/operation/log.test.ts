import { tableFromArrays } from "apache-arrow";
import { expect, test } from "vitest";
import { connect } from "../../src/client-node/index.ts";
import { startHangar, startProxy } from "../support/server.ts";
import { waitUntil } from "../support/wait.ts";

type Line = Record<string, unknown>;

/** The lines of a server's log with this message, each parsed. */
function linesOf(output: string, message: string): Line[] {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return lines.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === message);
}

test.each(["the store", "the proxy"])("%s writes a line for each call", async (kind) => {
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
  await expect(client.info("missing")).rejects.toMatchObject({ code: "not_found" });
  await (await fetch(`${server.url}/healthz`)).text();
  await waitUntil("the calls are logged", () => calls("DoAction").length === 1 && calls("GetFlightInfo").length === 2);
  const rows = kind === "the store" ? 2 : 0;
  expect(calls("DoPut")).toEqual([expect.objectContaining({ code: "ok", protocol: "grpc", rows, subject: "" })]);
  expect(calls("DoGet")).toEqual([expect.objectContaining({ code: "ok", rows })]);
  expect(calls("DoGet")[0]?.["bytes"]).toBeGreaterThan(8);
  expect(calls("GetFlightInfo")[1]).toMatchObject({ code: "not_found" });
  client.close();
});
