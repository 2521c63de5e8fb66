import type { UniversalServerRequest } from "@connectrpc/connect/protocol";

/** A request whose body is a stream of bytes. */
export interface ByteStreamRequest extends UniversalServerRequest {
  readonly body: AsyncIterable<Uint8Array>;
}
