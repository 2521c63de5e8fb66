import type { UniversalServerResponse } from "@connectrpc/connect/protocol";
import { codeToHttpStatus } from "@connectrpc/connect/protocol-connect";
import { toConnectError } from "../../flight/index.ts";
import type { Metrics } from "../metrics.ts";
import type { Authenticate } from "../rpc/router.ts";
import type { RequestAnswerer } from "../rpc/splice-handler.ts";

/** Where Prometheus reads what the server counts. */
export const metricsPath = "/metrics";

/** Makes what answers at `/metrics`, to whom authentication lets in. */
export function createMetricsDoor(metrics: Metrics, authenticate: Authenticate): RequestAnswerer {
  return {
    takesStream: false,
    givesStream: false,
    async answer({ method, header }, { peer }): Promise<UniversalServerResponse> {
      if (method !== "GET") return { status: 405, header: new Headers({ allow: "GET", "content-length": "0" }) };
      try {
        await authenticate({ header, peer, method: `GET ${metricsPath}` });
      } catch (reason) {
        const status = codeToHttpStatus(toConnectError(reason).code);
        return { status, header: new Headers({ "content-length": "0" }) };
      }
      const { contentType, text } = await metrics.toText();
      return { status: 200, header: new Headers({ "content-type": contentType }), body: once(text) };
    },
  };
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
