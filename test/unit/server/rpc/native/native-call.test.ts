import { expect, test, vi } from "vitest";
import { FlightService } from "../../../../../src/gen/arrow/flight/protocol/flight_pb.ts";
import { callEnded, disconnected, NativeCall } from "../../../../../src/server/rpc/native/native-call.ts";

function createCall(header: Record<string, string> = {}): NativeCall {
  return new NativeCall(FlightService.method.doGet, new Headers(header), new URL("http://localhost"));
}

test("a signal that is used before the end aborts with the first reason", () => {
  const call = createCall();
  const { signal } = call;
  expect(signal.aborted).toBe(false);
  call.abort(disconnected);
  call.end();
  expect(signal.reason).toBe(disconnected);
});

test("a signal that is first used after the end is aborted with the first reason", () => {
  const left = createCall();
  left.abort(disconnected);
  left.end();
  expect(left.signal.reason).toBe(disconnected);
  const ended = createCall();
  ended.end();
  ended.abort(disconnected);
  expect(ended.signal.reason).toBe(callEnded);
});

test("an end that comes before the request is read fails its reader", () => {
  const call = createCall();
  call.abort(disconnected);
  const fail = vi.fn();
  call.failRequest = fail;
  expect(fail).toHaveBeenCalledWith(disconnected);
});

test("a deadline that is over aborts a signal that is first used afterwards", () => {
  const call = createCall({ "grpc-timeout": "0n" });
  expect(call.signal.reason).toMatchObject({ message: expect.stringContaining("timed out") as string });
});
