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

interface Answer {
  readonly bytes: readonly number[];
  readonly header?: Record<string, string>;
  readonly status?: number;
}

/** Reads an answer that comes in chunks of a size; gives how many bytes there were. */
async function read({ bytes, header, status = 200 }: Answer, chunkByteLength: number): Promise<number> {
  const httpClient = requireWholeAnswers(async () => ({
    status,
    header: new Headers({ "content-type": "application/grpc-web+proto", ...header }),
    trailer: new Headers(),
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
    ["is native gRPC", { bytes: message, header: { "content-type": "application/grpc+proto" } }],
    ["is a proxy's error", { bytes: [1, 2, 3], status: 502 }],
  ])("that %s is passed as it is", async (_what, answer) => {
    expect(await read(answer, chunkByteLength)).toBe(answer.bytes.length);
  });

  test.each<[string, number[]]>([
    ["has nothing", []],
    ["ends behind a message", message],
    ["ends inside a message", message.slice(0, -1)],
    ["ends inside an envelope's head", [...message, 0x80, 0]],
    ["ends inside its trailers", [...message, ...trailers.slice(0, -1)]],
  ])("that %s is UNAVAILABLE", async (_what, bytes) => {
    await expect(read({ bytes }, chunkByteLength)).rejects.toThrow(
      "[unavailable] the connection to http://127.0.0.1:1 was lost before the response ended",
    );
  });
});
