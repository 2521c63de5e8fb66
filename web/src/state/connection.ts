import { serverPath } from "../api/server.ts";
import { createObserved, useObserved } from "./observed.ts";

/** Whether the server answers. */
export interface Connection {
  readonly isLost: boolean;
  /** Counts how often everything has been loaded anew; what is shown is loaded again when it changes. */
  readonly epoch: number;
}

/** How long to wait before the server is asked again, in milliseconds: longer each time, up to the last. */
const retriesMs = [1000, 1000, 1000, 2000, 5000];

/** How long a failed call of a server that answers is not made again by itself, in milliseconds. */
const failedRestMs = 10_000;

/** How long what has just been loaded counts as fresh for somebody who comes back, in milliseconds. */
const freshMs = 1000;

/** How long the server may take to say whether it is there, in milliseconds. */
const answerMs = 5000;

const connection = createObserved<Connection>({ isLost: false, epoch: 0 });
let isAsking = false;
let reloadedMs = -Infinity;

/** Whether the server answers. */
export function useConnection(): Connection {
  return useObserved(connection);
}

/** Has everything that is shown loaded again, after something has been changed on the server. */
export function reload(): void {
  reloadedMs = performance.now();
  connection.set({ ...connection.get(), epoch: connection.get().epoch + 1 });
}

/** The same, unless it has just been done: a tab that is shown gets the focus as well. */
export function reloadSoon(): void {
  if (performance.now() - reloadedMs > freshMs) reload();
}

/**
 * Tells that a call has failed as if the server could not be reached. The server is asked whether it is there: until it
 * is, it counts as lost, and when it is, what failed is loaded again, but not again and again.
 */
export function reportLost(): void {
  if (isAsking) return;
  isAsking = true;
  void askUntilThere().finally(() => (isAsking = false));
}

async function askUntilThere(): Promise<void> {
  for (let i = 0; !(await isServing()); i++) {
    connection.set({ ...connection.get(), isLost: true });
    await new Promise((resolve) => setTimeout(resolve, retriesMs[Math.min(i, retriesMs.length - 1)]));
  }
  const { isLost } = connection.get();
  if (isLost) connection.set({ ...connection.get(), isLost: false });
  if (isLost || performance.now() - reloadedMs > failedRestMs) reload();
}

/** Asks by the health service of gRPC, which behind a proxy tells of the server that is meant. */
async function isServing(): Promise<boolean> {
  try {
    const response = await fetch(serverPath("grpc.health.v1.Health/Check"), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(answerMs),
    });
    const { status } = (await response.json()) as { status?: string };
    return response.ok && status === "SERVING";
  } catch {
    return false;
  }
}
