/** Whether this code runs in a worker, whose script is in the folder `assets`. */
const isWorker = typeof document === "undefined";

/**
 * The server, with the path below which a reverse proxy may serve it, and a slash at its end. The page itself is there:
 * its views differ by the query alone.
 */
export const serverUrl = new URL(isWorker ? ".." : ".", location.href);

/** The URL of a path of the server, such as `auth/me`. */
export function serverPath(path: string): string {
  return new URL(path, serverUrl).href;
}
