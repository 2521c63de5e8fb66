/**
 * The parts of `node:http` that the server uses. An import would read all names of the module, and `WebSocket` among them
 * makes Node load all of `fetch`, for 30 ms.
 */
export const { createServer, STATUS_CODES } = process.getBuiltinModule("node:http");
