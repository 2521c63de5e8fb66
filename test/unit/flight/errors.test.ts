import { Code, ConnectError, decodeBinaryHeader } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { FlightError, toConnectError, toFlightError, type FlightErrorCode } from "../../../src/flight/index.ts";

const codes: Record<FlightErrorCode, [Code, arrowStatus: string | null]> = {
  cancelled: [Code.Canceled, null],
  unknown: [Code.Unknown, null],
  invalid_argument: [Code.InvalidArgument, "4"],
  deadline_exceeded: [Code.DeadlineExceeded, null],
  not_found: [Code.NotFound, "2"],
  already_exists: [Code.AlreadyExists, "45"],
  permission_denied: [Code.PermissionDenied, null],
  resource_exhausted: [Code.ResourceExhausted, "6"],
  failed_precondition: [Code.FailedPrecondition, null],
  aborted: [Code.Aborted, null],
  out_of_range: [Code.OutOfRange, "7"],
  unimplemented: [Code.Unimplemented, "10"],
  internal: [Code.Internal, null],
  unavailable: [Code.Unavailable, null],
  data_loss: [Code.DataLoss, "5"],
  unauthenticated: [Code.Unauthenticated, null],
};

describe("FlightError", () => {
  test.each(Object.entries(codes))("%s goes over the wire and back", (code, [connectCode, arrowStatus]) => {
    const error = toConnectError(new FlightError(code as FlightErrorCode, "Straße is missing"));
    expect(error.code).toBe(connectCode);
    expect(error.rawMessage).toBe("Straße is missing");
    expect(error.metadata.get("x-arrow-status")).toBe(arrowStatus);
    const message = error.metadata.get("x-arrow-status-message-bin");
    expect(message && new TextDecoder().decode(decodeBinaryHeader(message))).toBe(arrowStatus && "Straße is missing");
    expect(toFlightError(error)).toMatchObject({ code, message: "Straße is missing" });
  });

  test("has every code that Connect has", () => {
    const connectCodes = Object.values(Code).filter((code) => typeof code === "number");
    expect(Object.values(codes).map(([code]) => code)).toEqual(expect.arrayContaining(connectCodes));
  });

  test("keeps what else was thrown from the client", () => {
    const error = toConnectError(new TypeError("/srv/datasets is odd"));
    expect([error.code, error.rawMessage]).toEqual([Code.Internal, "internal error"]);
  });

  test("passes errors of Connect and of its own as they are", () => {
    const refused = new ConnectError("no", Code.PermissionDenied);
    expect(toConnectError(refused)).toBe(refused);
    const missing = new FlightError("not_found", "no");
    expect(toFlightError(missing)).toBe(missing);
  });

  test("finds its own error in what Connect made of it", () => {
    const lost = new FlightError("unavailable", "the stream ended");
    expect(toFlightError(ConnectError.from(lost))).toBe(lost);
  });
});
