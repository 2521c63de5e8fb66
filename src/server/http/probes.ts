import { endAnswer } from "./close-unread.ts";
import type { NodeRequest, NodeResponse } from "./node-messages.ts";

/** The path of the liveness probe. It answers 200 while the process runs its event loop. */
export const livenessPath = "/healthz";

/**
 * The path of the readiness probe. It answers 503 while the server shuts down, or if its storage or upstream does not
 * answer; otherwise 200.
 */
export const readinessPath = "/readyz";

/**
 * The time limit for the storage or the upstream in `/readyz`, in milliseconds. The default timeout of probes is 1 s.
 */
export const readinessTimeoutMs = 900;

/** Returns whether the server can serve now, or rejects when the signal aborts. */
export type ReadinessCheck = (signal: AbortSignal) => Promise<boolean>;

/**
 * Handles the probes of load balancers and Kubernetes. A probe may have any Host header and no credentials. The
 * response contains only the state.
 *
 * @returns whether the path is the path of a probe
 */
export async function answerProbe(
  path: string,
  req: NodeRequest,
  res: NodeResponse,
  isReady: ReadinessCheck,
): Promise<boolean> {
  if (path !== livenessPath && path !== readinessPath) return false;
  const isHealthy = path === livenessPath || (await withinTime(isReady));
  res.statusCode = req.method === "GET" || req.method === "HEAD" ? (isHealthy ? 200 : 503) : 405;
  res.setHeader("cache-control", "no-store");
  res.setHeader("content-type", "text/plain; charset=utf-8");
  const body = Buffer.from(isHealthy ? "ok\n" : "not ready\n");
  res.setHeader("content-length", body.byteLength);
  if (req.method !== "HEAD") (res as { write(chunk: Buffer): boolean }).write(body);
  await endAnswer(res);
  return true;
}

async function withinTime(isReady: ReadinessCheck): Promise<boolean> {
  const signal = AbortSignal.timeout(readinessTimeoutMs);
  const { promise: timeout, resolve } = Promise.withResolvers<boolean>();
  signal.addEventListener("abort", () => resolve(false), { once: true });
  return await Promise.race([isReady(signal).catch(() => false), timeout]);
}
