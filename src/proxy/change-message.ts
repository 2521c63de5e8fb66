import { encodeEnvelope } from "@connectrpc/connect/protocol";
import { flightInfoBytesMax } from "../dataset/index.ts";
import { ByteReader, FlightError } from "../flight/index.ts";

const envelopeByteLength = 5;

/**
 * Changes the messages of a response that is forwarded as bytes. They are FlightInfos.
 *
 * @param change - returns the bytes of the changed message
 * @throws FlightError RESOURCE_EXHAUSTED if a message is too large to be read; errors of the response
 */
export async function* changeMessage(
  response: AsyncIterable<Uint8Array>,
  change: (message: Uint8Array) => Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = new ByteReader(response);
  try {
    while (await reader.hasMore()) {
      const envelope = await reader.read(envelopeByteLength);
      const byteLength = new DataView(envelope.buffer).getUint32(1);
      if (byteLength > flightInfoBytesMax) {
        const words = `the upstream server: a message has ${byteLength} bytes; the maximum is ${flightInfoBytesMax}`;
        throw new FlightError("resource_exhausted", words);
      }
      yield encodeEnvelope(0, change(await reader.read(byteLength)));
    }
  } finally {
    await reader.cancel();
  }
}
