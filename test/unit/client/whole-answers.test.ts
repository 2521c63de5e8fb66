import { describe, expect, test } from "vitest";
import { requireWholeAnswers } from "../../../src/client/whole-answers.ts";

const envelope = (flags: number, byteLength: number): number[] => [
  flags,
  0,
  0,
  byteLength >> 8,
  byteLength & 0xff,
  ...new Uint8Array(byteLength),
];
const message = envelope(0, 300);
const [trailers, endOfStream] = [envelope(0x80, 20), envelope(0x02, 2)];

const grpc = { "content-type": "application/grpc+proto" };

interface Answer {
  readonly bytes: readonly number[];
  readonly header?: Record<string, string>;
  readonly trailer?: Record<string, string>;
  readonly status?: number;
}

/** Reads an answer that comes in chunks of a size; gives how many bytes there were. */
async function read({ bytes, header, trailer, status = 200 }: Answer, chunkByteLength: number): Promise<number> {
  const httpClient = requireWholeAnswers(async () => ({
    status,
    header: new Headers({ "content-type": "application/grpc-web+proto", ...header }),
    trailer: new Headers(trailer),
    body: (async function* () {
      for (let at = 0; at < bytes.length; at += chunkByteLength) {
        yield Uint8Array.from(bytes.slice(at, at + chunkByteLength));
      }
    })(),
  }));
  const request = { url: "http://127.0.0.1:1/Service/Call", method: "POST", header: new Headers() };
  const response = await httpClient(request);
  let byteLength = 0;
  for await (const chunk of response.body) byteLength += chunk.byteLength;
  return byteLength;
}

describe.each([1, 4, 7, 1000])("an answer in chunks of %i bytes", (chunkByteLength) => {
  test.each<[string, Answer]>([
    ["ends with trailers", { bytes: [...message, ...message, ...trailers] }],
    ["ends as Connect's streams do", { bytes: [...message, ...endOfStream] }],
    ["has an empty end", { bytes: [...message, ...envelope(0x80, 0)] }],
    ["is headers alone", { bytes: [], header: { "grpc-status": "5" } }],
    ["has no envelopes", { bytes: [1, 2, 3], header: { "content-type": "application/proto" } }],
    ["is native gRPC with a status", { bytes: message, header: grpc, trailer: { "grpc-status": "0" } }],
    ["is native gRPC, cut, with a status", { bytes: message.slice(1), header: grpc, trailer: { "grpc-status": "14" } }],
    ["is a proxy's error", { bytes: [1, 2, 3], status: 502 }],
  ])("that %s is passed as it is", async (_what, answer) => {
    expect(await read(answer, chunkByteLength)).toBe(answer.bytes.length);
  });

  test.each<[string, Answer]>([
    ["is native gRPC without a status", { bytes: message, header: grpc }],
    ["is native gRPC, and ends inside a message", { bytes: message.slice(0, -1), header: grpc }],
    ["has nothing", { bytes: [] }],
    ["ends behind a message", { bytes: message }],
    ["ends inside a message", { bytes: message.slice(0, -1) }],
    ["ends inside an envelope's head", { bytes: [...message, 0x80, 0] }],
    ["ends inside its trailers", { bytes: [...message, ...trailers.slice(0, -1)] }],
  ])("that %s is UNAVAILABLE", async (_what, answer) => {
    await expect(read(answer, chunkByteLength)).rejects.toThrow(
      "[unavailable] the connection to http://127.0.0.1:1 was lost before the response ended",
    );
  });
});
