import { setTimeout as sleep } from "node:timers/promises";
import { create, type DescMessage, type MessageShape } from "@bufbuild/protobuf";
import { anyPack, type Any } from "@bufbuild/protobuf/wkt";
import { ConnectError, type HandlerContext, type ServiceImpl } from "@connectrpc/connect";
import {
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  ConformancePayload_RequestInfoSchema as RequestInfoSchema,
  HeaderSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  UnaryRequestSchema,
  type ConformancePayload_RequestInfo as RequestInfo,
  type ConformanceService,
  type Error as ErrorDefinition,
  type Header,
  type StreamResponseDefinition,
  type UnaryResponseDefinition,
} from "./gen/connectrpc/conformance/v1/conformance_pb.ts";

/** The service of connectconformance: every answer is what its request defines, with an echo of the request. */
export const conformanceService: Omit<ServiceImpl<typeof ConformanceService>, "unimplemented"> = {
  unary: (request, context) => answerOnce(context, request.responseDefinition, [pack(UnaryRequestSchema, request)]),
  idempotentUnary: (request, context) =>
    answerOnce(context, request.responseDefinition, [pack(IdempotentUnaryRequestSchema, request)]),
  async clientStream(requests, context) {
    const received = await Array.fromAsync(requests);
    const packed = received.map((request) => pack(ClientStreamRequestSchema, request));
    return await answerOnce(context, received[0]?.responseDefinition, packed);
  },
  async *serverStream(request, context) {
    const { responseDefinition } = request;
    setHeaders(context, responseDefinition);
    yield* answerRest(context, responseDefinition, 0, [pack(ServerStreamRequestSchema, request)]);
  },
  async *bidiStream(requests, context) {
    let definition: StreamResponseDefinition | undefined;
    let isFullDuplex = false;
    let answerCount = 0;
    let unanswered: Any[] = [];
    for await (const request of requests) {
      if (definition === undefined) {
        definition = request.responseDefinition;
        isFullDuplex = request.fullDuplex;
        setHeaders(context, definition);
      }
      unanswered.push(pack(BidiStreamRequestSchema, request));
      if (!isFullDuplex) continue;
      const data = definition?.responseData[answerCount];
      if (data === undefined) break;
      await sleep(definition?.responseDelayMs);
      const requestInfo = answerCount === 0 ? describe(context, unanswered) : { requests: unanswered };
      yield { payload: { data, requestInfo } };
      answerCount += 1;
      unanswered = [];
    }
    yield* answerRest(context, definition, answerCount, unanswered);
  },
};

async function answerOnce(context: HandlerContext, definition: UnaryResponseDefinition | undefined, requests: Any[]) {
  setHeaders(context, definition);
  await sleep(definition?.responseDelayMs);
  const requestInfo = describe(context, requests);
  if (definition?.response.case === "error") throw toError(definition.response.value, requestInfo);
  return { payload: { data: definition?.response.value ?? new Uint8Array(0), requestInfo } };
}

/** The answers from one on, then the error if there is one; the very first of a stream describes the requests. */
async function* answerRest(
  context: HandlerContext,
  definition: StreamResponseDefinition | undefined,
  answerCount: number,
  requests: Any[],
) {
  let requestInfo = answerCount === 0 ? describe(context, requests) : undefined;
  for (const data of definition?.responseData.slice(answerCount) ?? []) {
    await sleep(definition?.responseDelayMs);
    yield { payload: { data, ...(requestInfo && { requestInfo }) } };
    requestInfo = undefined;
  }
  if (definition?.error) throw toError(definition.error, requestInfo);
}

function setHeaders(
  context: HandlerContext,
  definition: UnaryResponseDefinition | StreamResponseDefinition | undefined,
): void {
  append(context.responseHeader, definition?.responseHeaders ?? []);
  append(context.responseTrailer, definition?.responseTrailers ?? []);
}

function append(target: Headers, headers: readonly Header[]): void {
  for (const { name, value } of headers) for (const item of value) target.append(name, item);
}

function describe(context: HandlerContext, requests: Any[]): RequestInfo {
  const timeoutMs = context.timeoutMs();
  const query = new URL(context.url).searchParams;
  return create(RequestInfoSchema, {
    requestHeaders: [...context.requestHeader].map(([name, value]) => create(HeaderSchema, { name, value: [value] })),
    ...(timeoutMs !== undefined && { timeoutMs: BigInt(Math.round(timeoutMs)) }),
    requests,
    ...(context.requestMethod === "GET" && {
      connectGetInfo: { queryParams: [...query].map(([name, value]) => ({ name, value: [value] })) },
    }),
  });
}

function toError({ code, message, details }: ErrorDefinition, requestInfo: RequestInfo | undefined): ConnectError {
  const error = new ConnectError(message ?? "", code as number);
  error.details = details.map(({ typeUrl, value }) => ({ type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), value }));
  if (requestInfo) error.details.push({ desc: RequestInfoSchema, value: requestInfo });
  return error;
}

function pack<T extends DescMessage>(schema: T, message: MessageShape<T>): Any {
  return anyPack(schema, message);
}
