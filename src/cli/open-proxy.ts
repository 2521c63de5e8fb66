import { readFile } from "node:fs/promises";
import { createProxy, type Proxy, type UpstreamCredentials } from "../proxy/index.ts";
import { UsageError } from "./exit-code.ts";

/** The flags of `hangar serve` that make it a proxy. */
export interface UpstreamOptions {
  readonly upstream?: string;
  readonly upstreamCa?: string;
  readonly upstreamCert?: string;
  readonly upstreamKey?: string;
  readonly upstreamServerName?: string;
  /** Whether the credentials of callers are forwarded to the upstream; by default, access control decides. */
  readonly upstreamCredentials?: "forward" | "none";
  readonly upstreamTokenFile?: string;
  readonly upstreamAllow: readonly string[];
  readonly forwardHeader: readonly string[];
  readonly advertise?: string;
}

/** Creates a proxy with the certificates in the flags. */
export async function openProxy(upstream: string, options: UpstreamOptions): Promise<Proxy> {
  const read = async (file: string | undefined) => (file === undefined ? undefined : await readFile(file));
  const { upstreamCa, upstreamCert, upstreamKey } = options;
  const [ca, cert, key] = await Promise.all([read(upstreamCa), read(upstreamCert), read(upstreamKey)]);
  const { upstreamServerName: servername, advertise } = options;
  return createProxy({
    upstream,
    tls: {
      ...(ca && { ca }),
      ...(cert && { cert }),
      ...(key && { key }),
      ...(servername !== undefined && { servername }),
    },
    allow: options.upstreamAllow,
    forwardHeaders: options.forwardHeader,
    credentials: await readUpstreamCredentials(options),
    advertise,
  });
}

async function readUpstreamCredentials({
  upstreamCredentials: kind = "forward",
  upstreamTokenFile: file,
}: UpstreamOptions): Promise<UpstreamCredentials> {
  if (file === undefined) return { kind };
  const token = (await readFile(file, "utf8")).trim();
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError("--upstream-token-file has no token in it, or more than that");
  return { kind: "replace", authorization: `Bearer ${token}` };
}
