import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeFromHttpStatus } from "@connectrpc/connect/protocol-connect";
import { findTrailerError } from "@connectrpc/connect/protocol-grpc";
import { Health } from "../../gen/grpc/health/v1/health_pb.ts";
import { DuplexService } from "../../gen/hangar/v1/duplex_service_pb.ts";
import type { CallObserver, ObservedCall } from "../calls/call-observer.ts";
import type { ByteStreamRequest } from "./byte-stream-request.ts";
import type { Sender } from "./call-context.ts";

/**
 * Services whose calls are logged only at the level `debug`: probes, and duplex calls, whose inner call has its own log
 * line.
 */
const quietServices: ReadonlySet<string> = new Set([Health.typeName, DuplexService.typeName]);

/** Starts the observation of an RPC. */
export function beginCall(
  observer: CallObserver,
  method: DescMethod,
  { header, httpVersion }: Pick<ByteStreamRequest, "header" | "httpVersion">,
  { peer, origin }: Sender,
): ObservedCall {
  const protocol = protocolOf(header.get("content-type") ?? "");
  const name = `${method.parent.typeName}/${method.name}`;
  return observer.begin({
    method: name,
    protocol,
    peer,
    header,
    isQuiet: quietServices.has(method.parent.typeName),
    // Source: OpenTelemetry's semantic conventions for RPC spans.
    attributes: {
      "rpc.system.name": protocol === "connect" ? "connectrpc" : "grpc",
      "rpc.method": name,
      "server.address": origin.hostname,
      "server.port": Number(origin.port || (origin.protocol === "https:" ? 443 : 80)),
      "network.protocol.name": "http",
      "network.protocol.version": httpVersion,
    },
  });
}

function protocolOf(contentType: string): string {
  if (contentType.startsWith("application/grpc-web")) return "grpc-web";
  return contentType.startsWith("application/grpc") ? "grpc" : "connect";
}

/** Ends the observation with the request, for a call that was refused before its handler started. */
export function endWithRequest(
  observed: ObservedCall,
  signal: AbortSignal,
  { status, header, trailer }: UniversalServerResponse,
): void {
  const end = (): void => {
    const error = findTrailerError(trailer ?? new Headers()) ?? findTrailerError(header ?? new Headers());
    observed.end(error?.code ?? (status === 200 ? Code.Canceled : codeFromHttpStatus(status)));
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });
}
