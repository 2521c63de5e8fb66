import type { Command } from "commander";
import { flag, list, parseLocation, pathFlag } from "./options.ts";

/** Adds the flags that make `hangar serve` a proxy. */
export function addUpstreamOptions(command: Command): void {
  command
    .addOption(
      flag("--upstream <location>", "Flight server to serve instead of a folder, such as grpc://localhost:8816")
        .argParser(parseLocation)
        .conflicts("repo"),
    )
    .addOption(pathFlag("--upstream-ca <file>", "certificates in PEM to trust for an upstream at grpc+tls://"))
    .addOption(pathFlag("--upstream-cert <file>", "client certificate chain for the upstream, in PEM"))
    .addOption(pathFlag("--upstream-key <file>", "private key of the client certificate, in PEM"))
    .addOption(
      flag(
        "--upstream-credentials <which>",
        "whether callers' credentials go to the upstream; by default, unless access is configured here",
      ).choices(["forward", "none"]),
    )
    .addOption(pathFlag("--upstream-token-file <file>", "file with a bearer token for the upstream, for all callers"))
    .addOption(flag("--upstream-server-name <name>", "name that the upstream's certificate must have"))
    .addOption(
      list(
        "--upstream-allow <locations>",
        "other Flight servers that endpoints may name; their tickets are forwarded to them",
      ),
    )
    .addOption(
      list("--forward-header <names>", "request headers to forward to the upstream, besides credentials; x-app-* or *"),
    );
}
