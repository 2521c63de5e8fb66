import type { ServerHttp2Stream } from "node:http2";
import type { Message } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { noBody, toConnectError, writeBody, type FrameCodec } from "../../../flight/index.ts";
import type { ServerLimits } from "../../limits/server-limits.ts";
import { arrivalKey, observedKey } from "../call-context.ts";
import type { RegisteredMethod } from "../method-registry.ts";
import { encodeAnswer } from "./encode-answer.ts";
import type { NativeCall } from "./native-call.ts";
import { NativeResponse } from "./native-response.ts";
import { readDetached, readMessages, takesStream } from "./read-messages.ts";
import { readSingle } from "./read-single.ts";
import { bytesOf } from "./stream-bytes.ts";

/** The way of a call from its stream to its implementation. */
export interface NativeRoute {
  readonly method: RegisteredMethod;
  /** Removes the parts of requests that are not parsed. */
  readonly detach: FrameCodec<never>["detach"];
  /** Checks the call before its body is read. @throws ConnectError */
  readonly gate: (call: NativeCall) => void | Promise<void>;
  readonly limits: ServerLimits;
}

/**
 * Answers a call over a stream. It does not throw: an error becomes the status of the response.
 *
 * @returns the error
 */
export async function answerCall(
  stream: ServerHttp2Stream,
  call: NativeCall,
  route: NativeRoute,
): Promise<ConnectError | undefined> {
  const response = new NativeResponse(stream, call);
  let error: ConnectError | undefined;
  let last: Uint8Array | undefined;
  try {
    await route.gate(call);
    last = await respond(stream, response, call, route);
  } catch (reason) {
    call.values.get(observedKey)?.noteReason(reason);
    error = toConnectError(reason);
  }
  response.end(error, last);
  call.end();
  return error;
}

/** Calls the implementation. @returns the message of a response that has only one */
async function respond(
  stream: ServerHttp2Stream,
  response: NativeResponse,
  call: NativeCall,
  route: NativeRoute,
): Promise<Uint8Array | undefined> {
  const { desc, raw, implementation } = route.method;
  if (raw) {
    for await (const chunk of raw(bytesOf(stream, call, takesStream(desc)), call)) {
      const room = response.write(chunk);
      if (room) await room;
    }
    return undefined;
  }
  const output = implementation(await readInput(stream, call, route), call);
  if (desc.methodKind === "unary" || desc.methodKind === "client_streaming") {
    return encodeAnswer(desc, (await output) as Message);
  }
  const bodies = call.values.get(arrivalKey).responseBodies;
  for await (const message of output as AsyncIterable<Message>) {
    for (const part of writeBody(encodeAnswer(desc, message), bodies?.shift() ?? noBody)) {
      const room = part instanceof Uint8Array ? response.write(part) : writeAll(response, part);
      if (room) await room;
    }
  }
  return undefined;
}

async function writeAll(response: NativeResponse, parts: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const bytes of parts) await response.write(bytes);
}

async function readInput(
  stream: ServerHttp2Stream,
  call: NativeCall,
  { method, detach, limits }: NativeRoute,
): Promise<Message | AsyncIterable<Message>> {
  const { desc, readBytesMax } = method;
  const rules = { desc, readBytesMax, limits };
  if (!takesStream(desc)) return await readSingle(stream, call, rules);
  const bytes = bytesOf(stream, call, true);
  const { requestBodies } = call.values.get(arrivalKey);
  if (requestBodies === undefined) return readMessages(bytes, rules);
  return readDetached(desc, detach(bytes, requestBodies, call.signal));
}
