import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { FlightProducer } from "../../src/producer/index.ts";

/** What the servers of this process have under way: HTTP requests, by Node's own account, and calls of producers. */
const open = new Map<object, string>();

subscribe("http.server.request.start", (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  open.set(response, `${request.method} ${request.url}`);
  response.once("close", () => open.delete(response));
});
subscribe("http2.server.stream.created", (message) => {
  const { stream, headers } = message as { stream: ServerHttp2Stream; headers: IncomingHttpHeaders };
  open.set(stream, `${headers[":method"]} ${headers[":path"]}`);
  stream.once("close", () => open.delete(stream));
});

/**
 * The names of all that is under way; for a caller that is itself a call of the given name, without that one, and its
 * requests: one at each server of this process that passes it on.
 */
export function openCalls(self: string): string[] {
  const names = [...open.values()].filter((name) => !name.toLowerCase().endsWith(`/${self.toLowerCase()}`));
  const index = names.indexOf(`call of ${self}`);
  if (index >= 0) names.splice(index, 1);
  return names.sort();
}

/** The producer, with each of its calls counted until its promise has settled or its stream has ended. */
export function countCalls(producer: FlightProducer): FlightProducer {
  return new Proxy(producer, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(method, target, args);
        const key = { name };
        const begin = (): void => void open.set(key, `call of ${String(name)}`);
        const end = (): void => void open.delete(key);
        if (!(answer instanceof Promise)) return countStream(answer as AsyncIterable<unknown>, begin, end);
        begin();
        return answer.finally(end);
      };
    },
  });
}

async function* countStream<T>(stream: AsyncIterable<T>, begin: () => void, end: () => void): AsyncGenerator<T> {
  begin();
  try {
    yield* stream;
  } finally {
    end();
  }
}
