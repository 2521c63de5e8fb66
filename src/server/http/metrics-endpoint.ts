import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import type { Metrics } from "../metrics.ts";
import type { Admit } from "../rpc/admit.ts";
import type { RequestAnswerer } from "../rpc/splice-handler.ts";
import type { ErrorTranslator } from "../rpc/translate-errors.ts";
import { encodeJsonError } from "./json-error.ts";
import { once } from "./once.ts";

/** The path of the metrics for Prometheus. */
export const metricsPath = "/metrics";

const name = `GET ${metricsPath}`;

/** The dependencies of the endpoint. */
export interface MetricsEndpointOptions {
  readonly metrics: Metrics;
  readonly admit: Admit;
  readonly translator: ErrorTranslator;
}

/** Returns the handler of `/metrics`. It answers callers that have the right `admin`, and does not count itself. */
export function createMetricsEndpoint({ metrics, admit, translator }: MetricsEndpointOptions): RequestAnswerer {
  return {
    takesStream: false,
    givesStream: false,
    async answer({ method, header, signal }, from): Promise<UniversalServerResponse> {
      if (method !== "GET") return { status: 405, header: new Headers({ allow: "GET", "content-length": "0" }) };
      try {
        await admit({ method: name, httpMethod: method, header, from }, "admin");
      } catch (reason) {
        const error = translator.translate({ name, signal }, reason);
        const { header, body } = encodeJsonError(error);
        return { status: codeToHttpStatus(error.code), header, body: once(body) };
      }
      const { contentType, text } = await metrics.toText();
      return { status: 200, header: new Headers({ "content-type": contentType }), body: once(encode(text)) };
    },
  };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
