import { FlightError } from "../../flight/index.ts";

/** Segments of letters, digits, `_`, `.` and `-`: these need no encoding in a URL, in a redirect and in a cookie's name. */
const basePathForm = /^(\/[\w.-]+)*\/?$/;

/**
 * Parses the path below which a reverse proxy serves this server, such as `/hangar`.
 *
 * @returns the path without a slash at its end; empty for `/`
 * @throws FlightError INVALID_ARGUMENT if it is not such a path
 */
export function parseBasePath(text: string): string {
  const hasDots = text.split("/").some((segment) => segment === "." || segment === "..");
  if (!text.startsWith("/") || !basePathForm.test(text) || hasDots) {
    throw new FlightError("invalid_argument", `the base path ${JSON.stringify(text)} is not a path such as /hangar`);
  }
  return text.replace(/\/$/, "");
}

/**
 * Removes the base path from a request target. A target without it stays as it is: the proxy has removed it, or a
 * client reaches the server directly.
 *
 * @param basePath - as `parseBasePath` returns it
 * @returns the target; undefined for the base path without a slash, whose relative links would lead elsewhere
 */
export function removeBasePath(target: string, basePath: string): string | undefined {
  if (basePath === "" || !target.startsWith(basePath)) return target;
  const rest = target.slice(basePath.length);
  if (rest.startsWith("/")) return rest;
  return rest === "" || rest.startsWith("?") ? undefined : target;
}
