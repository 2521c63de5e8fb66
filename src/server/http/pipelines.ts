import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { pipelinedRequestsMax } from "./limits.ts";

/** The requests of a connection. */
interface Pipeline {
  atWorkCount: number;
  /** Functions that start the waiting requests, in order. */
  readonly waiting: (() => void)[];
}

/**
 * Limits the number of concurrent requests of an HTTP/1.1 connection. Responses are sent in the order of requests.
 * Without a limit, a client that sends requests without reading would make the server keep all responses. While
 * requests wait, the connection is not read: one chunk of 64 KiB can have a thousand requests.
 */
export class Pipelines {
  readonly #pipelines = new WeakMap<Socket, Pipeline>();
  readonly #onWait: () => void;

  /** @param onWait - called for each request that must wait */
  constructor(onWait: () => void) {
    this.#onWait = onWait;
  }

  /** Starts a request when it has a turn; never if the connection closes before. */
  take(socket: Socket, res: EventEmitter, begin: () => void): void {
    const pipeline = this.#pipelines.get(socket) ?? this.#add(socket);
    const start = (): void => {
      pipeline.atWorkCount += 1;
      res.once("close", () => {
        pipeline.atWorkCount -= 1;
        advance(socket, pipeline);
      });
      begin();
    };
    if (pipeline.atWorkCount < pipelinedRequestsMax) return start();
    this.#onWait();
    pipeline.waiting.push(start);
    pauseSoon(socket, pipeline);
  }

  #add(socket: Socket): Pipeline {
    const pipeline: Pipeline = { atWorkCount: 0, waiting: [] };
    this.#pipelines.set(socket, pipeline);
    // Node resumes the socket automatically after a request was read or a response was sent.
    socket.on("resume", () => pauseSoon(socket, pipeline));
    return pipeline;
  }
}

/** Pauses the socket after Node has processed the current chunk, because Node resumes it after each request. */
function pauseSoon(socket: Socket, { waiting }: Pipeline): void {
  if (waiting.length === 0) return;
  process.nextTick(() => waiting.length > 0 && socket.pause());
}

function advance(socket: Socket, { waiting }: Pipeline): void {
  const start = waiting.shift();
  if (start === undefined || socket.destroyed) return;
  start();
  // If Node has paused the socket because responses are not read, it has also paused the parser, and it resumes both
  // itself.
  if (waiting.length === 0 && !("_paused" in socket && socket._paused)) socket.resume();
}
