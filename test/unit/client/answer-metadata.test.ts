import { Code, ConnectError, createRouterTransport, type HandlerContext } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { AnswerTeller } from "../../../src/client/answer-metadata.ts";
import type { HeaderFields } from "../../../src/client/run-call.ts";
import { FlightClient } from "../../../src/client/flight-client.ts";
import { FlightService } from "../../../src/gen/arrow/flight/protocol/flight_pb.ts";

/** What a listener is told, in order. */
function listen() {
  const told: string[] = [];
  const tell = (what: string) => (fields: Headers) => void told.push(`${what} ${JSON.stringify([...fields])}`);
  return { told, listeners: { onHeader: tell("header"), onTrailer: tell("trailer") } };
}

/** An error of a server, with the headers and trailers that Connect puts together. */
function wireError(metadata: HeaderFields): ConnectError {
  const error = new ConnectError("no", Code.NotFound, new Headers(metadata));
  error.isWireError = true;
  return error;
}

describe("a failed call", () => {
  const both: [string, string][] = [
    ["only-header", "1"],
    ["only-trailer", "2"],
  ];
  test.each([
    ["headers and trailers", [["only-header", "1"]], both, [["only-header", "1"]], [["only-trailer", "2"]]],
    ["trailers-only", both, both, both, []],
    [
      "Connect's prefixed trailers",
      [
        ["only-header", "1"],
        ["trailer-only-trailer", "2"],
      ],
      both,
      [["only-header", "1"]],
      [["only-trailer", "2"]],
    ],
    [
      "a field in both, the trailer first",
      [["x", "h"]],
      [
        ["x", "t"],
        ["x", "h"],
      ],
      [["x", "h"]],
      [["x", "t"]],
    ],
    [
      "a field in both, the header first",
      [["x", "h"]],
      [
        ["x", "h"],
        ["x", "t"],
      ],
      [["x", "h"]],
      [["x", "t"]],
    ],
    ["no note of the headers", undefined, both, both, []],
  ] as [string, [string, string][] | undefined, [string, string][], [string, string][], [string, string][]][])(
    "tells of %s",
    (_what, noted, metadata, header, trailer) => {
      const { told, listeners } = listen();
      const teller = new AnswerTeller(listeners, noted ? { header: new Headers(noted) } : {});
      teller.onFailure(wireError(metadata));
      expect(told).toEqual([`header ${JSON.stringify(header)}`, `trailer ${JSON.stringify(trailer)}`]);
    },
  );

  test("tells of the headers once", () => {
    const { told, listeners } = listen();
    const teller = new AnswerTeller(listeners, { header: new Headers({ a: "1" }) });
    teller.onHeader(new Headers({ a: "1" }));
    teller.onFailure(wireError({ a: "1", b: "2" }));
    expect(told).toEqual(['header [["a","1"]]', 'trailer [["b","2"]]']);
  });

  test("tells of nothing where no answer came, and of no trailers where the client itself ended it", () => {
    const { told, listeners } = listen();
    new AnswerTeller(listeners, {}).onFailure(new ConnectError("gone", Code.Unavailable));
    expect(told).toEqual([]);
    new AnswerTeller(listeners, { header: new Headers({ a: "1" }) }).onFailure(new ConnectError("late"));
    expect(told).toEqual(['header [["a","1"]]']);
  });

  test("over a transport that is not ours tells of all as headers", async () => {
    const fail = (_request: unknown, context: HandlerContext): never => {
      context.responseHeader.set("x-header", "1");
      context.responseTrailer.set("x-trailer", "2");
      throw new ConnectError("no", Code.NotFound);
    };
    const flight = new FlightClient(
      createRouterTransport(({ service }) => service(FlightService, { getSchema: fail })),
    );
    const seen: [string | null, string | null][] = [];
    const look = (fields: Headers): void => void seen.push([fields.get("x-header"), fields.get("x-trailer")]);
    const asking = flight.getSchema({}, { onHeader: look, onTrailer: look });
    await expect(asking).rejects.toMatchObject({ code: "not_found" });
    expect(seen).toEqual([
      ["1", "2"],
      [null, null],
    ]);
  });
});
