export { splitCallUrl, type CallUrl } from "./call-url.ts";
export { createDuplexHttpClient } from "./client.ts";
export { endHeader, fromDuplexHeaders, offsetHeader, sendPath, streamIdHeader, toDuplexHeaders } from "./headers.ts";
export {
  duplexCreditTimeoutMs,
  duplexHeartbeatMs,
  duplexIdleTimeoutMs,
  duplexQueueBytesMax,
  duplexSendBytesMax,
  duplexStreamsPerCallerMax,
  duplexWindowBytes,
} from "./limits.ts";
export { SendQueue, type SendQueueLimits } from "./send-queue.ts";
