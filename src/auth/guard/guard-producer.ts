import { create } from "@bufbuild/protobuf";
import {
  decodePutCommand,
  encodeCommand,
  idempotencyKeyHeader,
  putModeHeader,
  type DatasetName,
} from "../../dataset/index.ts";
import { createCommandDescriptor, FlightError, type FlightFrame } from "../../flight/index.ts";
import {
  FlightDescriptorSchema,
  type Criteria,
  type FlightDescriptor,
} from "../../gen/arrow/flight/protocol/flight_pb.ts";
import {
  isCommand,
  putCommandFromDescriptor,
  type CallContext,
  type FlightProducer,
  type FlightRelay,
} from "../../producer/index.ts";
import { CallChecks } from "./call-checks.ts";
import { carefulFinder, datasetFinder, type DatasetFinder } from "./find-dataset.ts";
import { openFlightFrame, openStream, openWireMessage, type OpenFrame } from "./first-frame.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { guardForward } from "./guard-forward.ts";
import { allowPut } from "./limit-put.ts";
import { listingContext } from "./may-read.ts";

/** The RPCs of a producer. A new method of `FlightProducer` is a compile error until it is guarded. */
type Methods<Frame> = Required<Omit<FlightProducer<Frame>, "messageBudget" | "servesDatasets" | "readsFolders">>;

/** The producer, and the dependencies of the guard. */
interface Guarded<Frame> {
  readonly producer: FlightProducer<Frame>;
  readonly gatekeeper: Gatekeeper;
  readonly finder: DatasetFinder;
  readonly checks: CallChecks;
  readonly openFrame: OpenFrame<Frame>;
}

/** Options of `guardProducer`. */
export interface GuardOptions {
  readonly gatekeeper: Gatekeeper;
  /** Handles `Handshake` instead of the producer. */
  readonly handshake?: FlightProducer["handshake"] | undefined;
}

/** Returns a producer that checks the rights of each caller. */
export function guardProducer(
  producer: FlightProducer | FlightRelay,
  options: GuardOptions,
): FlightProducer | FlightRelay {
  const { gatekeeper } = options;
  if ("isRelay" in producer) {
    const checks = new CallChecks(gatekeeper, carefulFinder);
    const guarded = { producer, gatekeeper, finder: carefulFinder, checks, openFrame: openWireMessage };
    const methods = { ...guardOthers(guarded), doPut: guardPut(guarded) };
    const forward = guardForward(producer, gatekeeper, checks);
    return { isRelay: true, ...withMethodsOf(producer, methods, options), ...(forward && { forward }) };
  }
  const finder = producer.servesDatasets === true ? datasetFinder : carefulFinder;
  const checks = new CallChecks(gatekeeper, finder, producer.readsFolders);
  const guarded = { producer, gatekeeper, finder, checks, openFrame: openFlightFrame };
  const doPut = producer.servesDatasets === true ? guardDatasetPut(guarded) : guardPut(guarded);
  return withMethodsOf(producer, { ...guardOthers(guarded), doPut }, options);
}

/** Removes the methods that the producer does not have. */
function withMethodsOf<Frame>(
  producer: FlightProducer<Frame>,
  methods: Methods<Frame>,
  { handshake }: GuardOptions,
): FlightProducer<Frame> {
  const { messageBudget } = producer;
  const entries = Object.entries(methods).filter(([name]) => producer[name as keyof Methods<Frame>] !== undefined);
  return {
    ...(messageBudget && { messageBudget }),
    ...(Object.fromEntries(entries) as Partial<Methods<Frame>>),
    ...(handshake && { handshake }),
  };
}

function guardOthers<Frame>(guarded: Guarded<Frame>): Omit<Methods<Frame>, "doPut"> {
  const { producer, gatekeeper, checks } = guarded;
  return {
    async *handshake(context, requests) {
      // A handshake gives credentials to callers without any. A relay's handshake would give those of another server.
      if ("isRelay" in producer) await gatekeeper.assertMay(context, "read");
      yield* producer.handshake!(context, requests);
    },
    listFlights(context, criteria) {
      // Otherwise each flight is looked at, which takes a fifth of the time of a listing.
      if (gatekeeper.isOpen) return producer.listFlights!(context, criteria);
      return guardFlights(guarded, context, criteria);
    },
    async getFlightInfo(context, descriptor) {
      return await producer.getFlightInfo!(await checks.info(context, descriptor), descriptor);
    },
    async pollFlightInfo(context, descriptor) {
      return await producer.pollFlightInfo!(await checks.info(context, descriptor), descriptor);
    },
    async getSchema(context, descriptor) {
      return await producer.getSchema!(await checks.info(context, descriptor), descriptor);
    },
    async *doGet(context, ticket) {
      yield* producer.doGet!(await checks.get(context, ticket), ticket);
    },
    doExchange: guardExchange(guarded),
    async *doAction(context, action) {
      yield* producer.doAction!(await checks.act(context, action), action);
    },
    // The list contains the server's features, but no data.
    listActions: (context) => producer.listActions!(context),
  };
}

async function* guardFlights<Frame>(
  { producer, gatekeeper, finder }: Guarded<Frame>,
  context: CallContext,
  criteria: Criteria,
): ReturnType<Methods<Frame>["listFlights"]> {
  for await (const info of producer.listFlights!(listingContext(gatekeeper, context), criteria)) {
    const descriptor = info.flightDescriptor && create(FlightDescriptorSchema, info.flightDescriptor);
    const dataset = descriptor && findQuietly(() => finder.inDescriptor(descriptor));
    if (await gatekeeper.may(context, "read", dataset)) yield info;
  }
}

/**
 * Returns the dataset of a flight in a listing. A flight without a dataset name needs the right to read all datasets.
 */
function findQuietly(find: () => DatasetName | undefined): DatasetName | undefined {
  try {
    return find();
  } catch (reason) {
    if (reason instanceof FlightError) return undefined;
    throw reason;
  }
}

function guardExchange<Frame>({
  producer,
  gatekeeper,
  checks,
  openFrame,
}: Guarded<Frame>): Methods<Frame>["doExchange"] {
  return async function* (context, frames) {
    // The client may wait for the server to send first.
    if (gatekeeper.isOpen) return yield* producer.doExchange!(context, frames);
    const stream = await openStream(frames, openFrame);
    try {
      await checks.exchange(context, stream.first?.descriptor);
      yield* producer.doExchange!(context, stream.all());
    } finally {
      await stream.leave();
    }
  };
}

/** Guards a put whose producer may create or replace. */
function guardPut<Frame>({ producer, gatekeeper, checks, openFrame }: Guarded<Frame>): Methods<Frame>["doPut"] {
  return async function* (context, frames) {
    if (gatekeeper.isOpen) {
      context.note?.({ right: "replace" });
      return yield* producer.doPut!(context, frames);
    }
    const stream = await openStream(frames, openFrame);
    try {
      await checks.put(context, stream.first?.descriptor);
      yield* producer.doPut!(context, stream.all());
    } finally {
      await stream.leave();
    }
  };
}

/**
 * Guards a put of a dataset. If the caller may only create, the put gets the mode `create`, so that the commit cannot
 * replace anything. An append already creates; it gets the id under whose name it was checked.
 */
function guardDatasetPut({ producer, gatekeeper, openFrame }: Guarded<FlightFrame>): Methods<FlightFrame>["doPut"] {
  return async function* (context, frames) {
    const stream = await openStream(frames, openFrame);
    try {
      const { frame, descriptor } = stream.first ?? {};
      if (frame === undefined || descriptor === undefined) {
        throw new FlightError("invalid_argument", "the first message of a put has no descriptor");
      }
      const asked = putCommandFromDescriptor(descriptor, context.requestHeader);
      const put = await allowPut(gatekeeper, context, asked);
      const created = { ...frame, descriptor: toCreate(descriptor) };
      const answers =
        asked.appendId !== undefined
          ? producer.doPut!(withHeader(context, idempotencyKeyHeader, asked.appendId), stream.all())
          : put.isCreateOnly
            ? producer.doPut!(withHeader(context, putModeHeader, "create"), stream.all(created))
            : producer.doPut!(context, stream.all());
      try {
        yield* answers;
      } catch (reason) {
        throw await put.explain(reason);
      }
    } finally {
      await stream.leave();
    }
  };
}

function toCreate(descriptor: FlightDescriptor): FlightDescriptor {
  if (!isCommand(descriptor)) return descriptor;
  return createCommandDescriptor(encodeCommand({ ...decodePutCommand(descriptor.cmd), mode: "create" }));
}

function withHeader(context: CallContext, name: string, value: string): CallContext {
  const requestHeader = new Headers(context.requestHeader);
  requestHeader.set(name, value);
  return { ...context, requestHeader };
}
