import { cors as connectCors } from "@connectrpc/connect";
import cors from "cors";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

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

/** Methods of datasets as files, besides Connect's. */
const fileMethods = ["HEAD", "PUT", "DELETE"];

/** How long a browser may keep the answer to a preflight, in seconds: two hours, the most that Chromium takes. */
const preflightSeconds = 7200;

/**
 * Lets pages of the listed origins call this server, with cookies where they are listed by name. They are also told how
 * their requests travelled (`Timing-Allow-Origin`), as the client needs to know which HTTP it is that it speaks.
 *
 * @param origins - such as `https://app.example`; `*` lets every page in; none at all lets none in
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
    // `cors` is written for HTTP/1.1; Node's HTTP/2 compatibility API has all of what it calls.
    apply(req, res, () => {
      outcome = "go on";
    });
    const allowed = res.getHeader("access-control-allow-origin");
    if (allowed !== undefined) res.setHeader("timing-allow-origin", allowed);
    return outcome;
  };
}
