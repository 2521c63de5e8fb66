import { once } from "node:events";
import { createServer } from "node:net";

/** The first port that is given, and how many each worker of vitest has: below those that the kernel itself gives away. */
const [firstPort, portCount] = [20_000, 3_000];

const ownPort = firstPort + portCount * (Number(process.env["VITEST_POOL_ID"] ?? 0) % 4);
let given = Math.floor(Math.random() * portCount);

/** A port that is free, and that nobody takes before the caller does: another process asks for any port, or for one of its own. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portCount; tries++) {
    const port = ownPort + (given++ % portCount);
    if (await isFree(port)) return port;
  }
  throw new Error(`none of ${portCount} ports is free`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isListening = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (isListening) await once(server.close(), "close");
  return isListening;
}
