import { constants, type ServerHttp2Stream } from "node:http2";
import { BodyQueue, carriesFlightData, type FrameCodec } from "../../../flight/index.ts";
import type { CallObserver } from "../../calls/call-observer.ts";
import type { NativeAnswerer } from "../../http/native-streams.ts";
import type { Limiter } from "../../limits/limiter.ts";
import { arrivalKey, observedKey, type Arrival, type Sender } from "../call-context.ts";
import type { MethodRegistry, RegisteredMethod } from "../method-registry.ts";
import { beginCall } from "../observe-handler.ts";
import { answerCall } from "./answer-call.ts";
import { disconnected, NativeCall } from "./native-call.ts";

/** The dependencies of native gRPC. */
export interface AnswererOptions {
  readonly gate: MethodRegistry["gate"];
  /** Removes the parts of requests that are not parsed. */
  readonly detach: FrameCodec<never>["detach"];
  readonly limiter: Limiter;
  /** Observes each call; none by default. */
  readonly observer?: CallObserver | undefined;
}

/** Creates the function that answers calls of native gRPC with the registered methods. */
export function createNativeAnswerer({ gate, detach, limiter, observer }: AnswererOptions): NativeAnswerer {
  return async ({ stream, header, method, sender }) => {
    const observed = observer && beginCall(observer, method.desc, { header, httpVersion: "2.0" }, sender);
    const call = new NativeCall(method.desc, header, sender.origin);
    call.values.set(arrivalKey, arrivalOf(method, sender)).set(observedKey, observed);
    const endTime = limiter.callTimes.watch(
      (reason) => call.abort(reason),
      () => cut(stream),
    );
    stream.once("close", () => call.abort(disconnected));
    try {
      const error = await answerCall(stream, call, { method, detach, gate, limits: limiter.limits });
      // The handler has ended the observation, unless it was never called.
      observed?.end(error?.code);
    } finally {
      endTime();
    }
  };
}

function arrivalOf({ desc, raw }: RegisteredMethod, sender: Sender): Arrival {
  const queueFor = (direction: "input" | "output"): BodyQueue | undefined =>
    raw === undefined && carriesFlightData(desc, direction) ? new BodyQueue() : undefined;
  return { ...sender, requestBodies: queueFor("input"), responseBodies: queueFor("output") };
}

/** Ends a response that its call does not end. */
function cut(stream: ServerHttp2Stream): void {
  if (!stream.writableFinished) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
}
