import { cors as connectCors } from "@connectrpc/connect";
import cors from "cors";
import type { NodeRequest, NodeResponse } from "./write-response.ts";

/** Sets a response's CORS headers; says whether it was a preflight and has been answered. */
export type CorsGate = (req: NodeRequest, res: NodeResponse) => "answered" | "go on";

/** Headers of Flight that a page may read, besides those of Connect, gRPC and gRPC-Web. */
const flightHeaders = [
  "authorization",
  "x-arrow-status",
  "x-arrow-status-message-bin",
  "x-arrow-status-detail-bin",
  "grpc-status-details-bin",
];

/** How long a browser may keep the answer to a preflight, in seconds: two hours, the most that Chromium takes. */
const preflightSeconds = 7200;

/**
 * Lets pages of the listed origins call this server.
 *
 * @param origins - such as `https://app.example`; `*` lets every page in; none at all lets none in
 */
export function createCorsGate(origins: readonly string[]): CorsGate {
  const apply = cors({
    origin: origins.includes("*") ? "*" : [...origins],
    methods: [...connectCors.allowedMethods],
    exposedHeaders: [...connectCors.exposedHeaders, ...flightHeaders],
    maxAge: preflightSeconds,
  });
  return (req, res) => {
    let outcome: "answered" | "go on" = "answered";
    // `cors` is written for HTTP/1.1; Node's HTTP/2 compatibility API has all of what it calls.
    apply(req, res, () => {
      outcome = "go on";
    });
    return outcome;
  };
}
