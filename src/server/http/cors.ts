import { cors as connectCors } from "@connectrpc/connect";
import cors from "cors";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** Sets the CORS headers of a response. Returns whether the request was a preflight, which is then answered. */
export type CorsGate = (req: NodeRequest, res: NodeResponse) => "answered" | "go on";

/** Flight headers that a page may read, besides those of Connect, gRPC and gRPC-Web. */
const flightHeaders = [
  "authorization",
  "x-arrow-status",
  "x-arrow-status-message-bin",
  "x-arrow-status-detail-bin",
  "grpc-status-details-bin",
];

/** Methods for datasets as files, besides Connect's. */
const fileMethods = ["HEAD", "PUT", "DELETE"];

/** How long a browser may cache the response to a preflight, in seconds. Two hours is Chromium's maximum. */
const preflightSeconds = 7200;

/**
 * Allows pages of the listed origins to call this server. Origins that are listed by name may send cookies.
 * `Timing-Allow-Origin` lets the client know which HTTP version it uses.
 *
 * @param origins - such as `https://app.example`; `*` allows every page; an empty list allows none
 */
export function createCorsGate(origins: readonly string[]): CorsGate {
  const isForAll = origins.includes("*");
  const apply = cors({
    origin: isForAll ? "*" : [...origins],
    methods: [...connectCors.allowedMethods, ...fileMethods],
    exposedHeaders: [...connectCors.exposedHeaders, ...flightHeaders],
    credentials: origins.length > 0 && !isForAll,
    maxAge: preflightSeconds,
  });
  return (req, res) => {
    let outcome: "answered" | "go on" = "answered";
    // `cors` is written for HTTP/1.1. Node's HTTP/2 compatibility API has the methods that it needs.
    apply(req, res, () => {
      outcome = "go on";
    });
    const allowed = res.getHeader("access-control-allow-origin");
    if (allowed !== undefined) res.setHeader("timing-allow-origin", allowed);
    return outcome;
  };
}
