import type { Command } from "commander";
import type { UpstreamOptions } from "./open-proxy.ts";
import { flag, list, parseLocation } from "./options.ts";

/** Adds the flags that make `hangar serve` a proxy. */
export function addUpstreamOptions(command: Command): void {
  command
    .addOption(
      flag("--upstream <location>", "Flight server to serve instead of a folder, such as grpc://localhost:8816")
        .argParser(parseLocation)
        .conflicts("repo"),
    )
    .addOption(flag("--upstream-ca <file>", "certificates in PEM that vouch for an upstream at grpc+tls://"))
    .addOption(flag("--upstream-cert <file>", "certificate chain in PEM to show to the upstream"))
    .addOption(flag("--upstream-key <file>", "its private key in PEM"))
    .addOption(flag("--upstream-server-name <name>", "name that the upstream's certificate must have"))
    .addOption(
      list("--upstream-allow <locations>", "other Flight servers whose tickets may be redeemed through this one"),
    )
    .addOption(
      list("--forward-header <names>", "request headers that go to the upstream, besides credentials; x-app-* or *"),
    );
}

/** Ends the program where flags of the upstream do not go together. */
export function checkUpstreamOptions(options: UpstreamOptions, command: Command): void {
  if ((options.upstreamCert === undefined) !== (options.upstreamKey === undefined)) {
    command.error("error: --upstream-cert and --upstream-key go together");
  }
}
