import type { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { pipelinedRequestsMax } from "../../flight/index.ts";

/** What a connection has under way. */
interface Pipeline {
  atWorkCount: number;
  /** What begins the requests that wait for their turn, the first one first. */
  readonly waiting: (() => void)[];
}

/**
 * Lets an HTTP/1.1 connection have a few requests at work. Answers go out in the order of requests, so a client that sends
 * one behind the other without reading would otherwise have the server hold all answers. What is beyond waits, and nothing
 * more is read of the connection until there is room: a chunk of the socket has 64 KiB, and so a thousand requests.
 */
export class Pipelines {
  readonly #pipelines = new WeakMap<Socket, Pipeline>();

  /** Begins a request when its turn comes; never where its connection has closed before. */
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
    pipeline.waiting.push(start);
    pauseSoon(socket, pipeline);
  }

  #add(socket: Socket): Pipeline {
    const pipeline: Pipeline = { atWorkCount: 0, waiting: [] };
    this.#pipelines.set(socket, pipeline);
    // Node resumes the socket by itself, when a request has been read or an answer was taken.
    socket.on("resume", () => pauseSoon(socket, pipeline));
    return pipeline;
  }
}

/** Pauses once Node is done with the chunk that it is at: it resumes behind each request. */
function pauseSoon(socket: Socket, { waiting }: Pipeline): void {
  if (waiting.length === 0) return;
  process.nextTick(() => waiting.length > 0 && socket.pause());
}

function advance(socket: Socket, { waiting }: Pipeline): void {
  const start = waiting.shift();
  if (start === undefined || socket.destroyed) return;
  start();
  // Where Node has paused it for answers that nobody takes, its parser is paused as well, and Node resumes both.
  if (waiting.length === 0 && !("_paused" in socket && socket._paused)) socket.resume();
}
