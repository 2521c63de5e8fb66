export { createDuplexHttpClient } from "./client.ts";
export { fromDuplexHeaders, streamIdHeader, toDuplexHeaders } from "./headers.ts";
export { SendQueue, type Piece, type SendQueueLimits } from "./send-queue.ts";
