import type { DescMethod } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { EnvelopeCounter, FlightError } from "../../../flight/index.ts";
import { forwardedMethods, type FlightRelay, type ForwardedMethod } from "../../../producer/index.ts";
import type { ObservedCall } from "../../calls/call-observer.ts";
import type { ServerLimits } from "../../limits/server-limits.ts";
import { countReceived } from "../../http/received-garbage.ts";
import type { Direction } from "../../metrics.ts";
import { createCallContext, observedKey } from "../call-context.ts";
import type { RawImplementation } from "../method-registry.ts";
import type { ErrorTranslator } from "../translate-errors.ts";
import { readMessage, takesStream } from "./read-messages.ts";

/** The dependencies of methods that are forwarded. */
export interface RawRelayOptions {
  readonly translator: ErrorTranslator;
  readonly limits: ServerLimits;
  /** The maximum size of a request message in bytes, for methods that have only one. */
  readonly readBytesMax: number;
}

/**
 * Creates the implementation of a method that forwards bytes. Only a request of one message is parsed, because rights
 * may depend on it. Returns undefined if the relay does not forward the method.
 */
export function createRawRelay(
  relay: FlightRelay,
  desc: DescMethod,
  { translator, limits, readBytesMax }: RawRelayOptions,
): RawImplementation | undefined {
  const method = forwardedMethods.find((each) => each === desc.localName);
  const forward = relay.forward?.bind(relay);
  if (method === undefined || forward === undefined) return undefined;
  const open = async (requests: AsyncIterable<Uint8Array>, context: HandlerContext) => {
    const callContext = createCallContext(context);
    if (takesStream(desc)) {
      const bytes = countBytes(requests, context.values.get(observedKey), "received");
      return await forward(callContext, { method, requests: bytes });
    }
    const { message, bytes } = await readMessage(requests, { desc, readBytesMax, limits });
    return await forward(callContext, { method, message, requests: chunksOf(encodeEnvelope(0, bytes)) });
  };
  return (requests, context) =>
    translator.stream(context, async function* () {
      const response = await open(requests, context);
      yield* carriesData(method) ? countBytes(response, context.values.get(observedKey), "sent") : response;
    });
}

/** Whether the response of a method has Arrow data, which is counted. */
function carriesData(method: ForwardedMethod): boolean {
  return method === "doGet" || method === "doExchange";
}

/**
 * Forwards the bytes of messages, and counts them.
 *
 * @throws FlightError INVALID_ARGUMENT if the stream ends inside of a message; ConnectError as `EnvelopeCounter`
 */
async function* countBytes(
  bytes: AsyncIterable<Uint8Array>,
  call: ObservedCall | undefined,
  direction: Direction,
): AsyncGenerator<Uint8Array, void, undefined> {
  const counter = new EnvelopeCounter();
  for await (const chunk of bytes) {
    call?.addBytes(direction, counter.count(chunk));
    // Bytes for the client were received from another server.
    if (direction === "sent") countReceived(chunk.byteLength);
    yield chunk;
  }
  if (counter.isInside) throw new FlightError("invalid_argument", "the stream ended inside a message");
}

async function* chunksOf(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk;
}
