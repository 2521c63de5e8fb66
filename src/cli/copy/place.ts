/** A source or a destination of `hangar cp`. */
export type Place =
  /** A file or a folder of this machine. */
  | { readonly kind: "local"; readonly path: string }
  /** A dataset, or a folder if the name ends with `/` or is empty. The name of a source can be a glob pattern. */
  | { readonly kind: "server"; readonly server: string | undefined; readonly name: string };

/**
 * Parses an argument of `hangar cp`. `./x`, `../x` and `/x` are local, because no dataset has such a name.
 * `grpc://host:port/x` is on that server. Other texts are on the server of `--url`, for which `server` is undefined.
 */
export function parsePlace(text: string): Place {
  const [, server, name = ""] = /^([a-z][a-z\d+.-]*:\/\/[^/]*)(?:\/(.*))?$/is.exec(text) ?? [];
  if (server !== undefined) return { kind: "server", server, name };
  return /^\.{0,2}\/|^\.{1,2}$/.test(text)
    ? { kind: "local", path: text }
    : { kind: "server", server: undefined, name: text };
}
