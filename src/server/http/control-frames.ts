import { constants, type Http2Session, type ServerHttp2Session } from "node:http2";
import type { ServerLimits } from "../limits/server-limits.ts";

/** The length of the time in which frames are counted, in milliseconds. */
const windowMs = 1_000;

/**
 * The traffic in bytes that justifies a ping or a settings frame. A gRPC client measures the bandwidth of a transfer
 * with pings, and adapts its settings.
 */
const bytesPerFrame = 1024;

/** The frames that are counted: Node's event, and the limit. */
const kinds = [
  ["ping", "pingsPerSecond"],
  ["remoteSettings", "settingsPerSecond"],
] as const;

/** The limits of `limitControlFrames`. */
export type ControlFrameLimit = (typeof kinds)[number][1];

/**
 * Limits the pings and settings frames of a connection. Each costs its client 17 bytes, and the server an answer.
 *
 * @param onExcess - called once with the limit that was exceeded
 */
export function limitControlFrames(
  session: ServerHttp2Session,
  limits: ServerLimits,
  onExcess: (limit: ControlFrameLimit) => void,
): void {
  for (const [event, name] of kinds)
    session.on(
      event,
      countFrames(session, limits[name], () => onExcess(name)),
    );
}

function countFrames(session: ServerHttp2Session, countMax: number, onExcess: () => void): () => void {
  let windowStart = -Infinity;
  let bytesBefore = 0;
  let count = 0;
  return () => {
    if (++count <= countMax || session.destroyed) return;
    const now = performance.now();
    const { bytesRead, bytesWritten } = session.socket;
    const bytes = bytesRead + bytesWritten;
    if (now - windowStart < windowMs && bytes - bytesBefore < count * bytesPerFrame) return onExcess();
    windowStart = now;
    bytesBefore = bytes;
    count = 0;
  };
}

/** Closes the connection of a client that does not keep to the limits (ENHANCE_YOUR_CALM), with all its streams. */
export function endSession(session: Http2Session): void {
  // `destroy` ignores its code if there is no error.
  session.goaway(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  session.destroy();
}
