import { create, toBinary, type DescMethod, type Message } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";

/** The envelopes of frozen messages. They are kept as long as the messages. */
const encoded = new WeakMap<Message, Uint8Array>();

/**
 * Encodes a response message in its envelope. A frozen message never changes, so it is encoded once, however often its
 * producer returns it.
 *
 * @param message - a message, or the fields of one that do not have their default
 */
export function encodeAnswer({ output }: DescMethod, message: Message): Uint8Array {
  if (!Object.isFrozen(message)) return encode(output, message);
  const known = encoded.get(message) ?? encode(output, message);
  encoded.set(message, known);
  return known;
}

function encode(output: DescMethod["output"], message: Message): Uint8Array {
  return encodeEnvelope(0, toBinary(output, create(output, message)));
}
