import { fromBinary, toBinary, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { ByteReader, controlMessageBytesMax, FlightError } from "../flight/index.ts";

const envelopeByteLength = 5;

/**
 * Changes the messages of a response that is forwarded as bytes. They are small. Fields that this server does not know
 * stay as they are.
 *
 * @throws FlightError RESOURCE_EXHAUSTED if a message is too large to be read; errors of the response
 */
export async function* changeMessage<Desc extends DescMessage>(
  response: AsyncIterable<Uint8Array>,
  desc: Desc,
  change: (message: MessageShape<Desc>) => MessageShape<Desc>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ByteReader(response);
  try {
    while (await reader.hasMore()) {
      const envelope = await reader.read(envelopeByteLength);
      const byteLength = new DataView(envelope.buffer).getUint32(1);
      if (byteLength > controlMessageBytesMax) {
        const words = `the upstream server: a message has ${byteLength} bytes; the maximum is ${controlMessageBytesMax}`;
        throw new FlightError("resource_exhausted", words);
      }
      const message = change(fromBinary(desc, await reader.read(byteLength)));
      yield encodeEnvelope(0, toBinary(desc, message));
    }
  } finally {
    await reader.cancel();
  }
}
