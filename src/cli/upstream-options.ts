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
    .addOption(pathFlag("--upstream-ca <file>", "certificates in PEM that vouch for an upstream at grpc+tls://"))
    .addOption(pathFlag("--upstream-cert <file>", "certificate chain in PEM to show to the upstream"))
    .addOption(pathFlag("--upstream-key <file>", "its private key in PEM"))
    .addOption(
      flag(
        "--upstream-credentials <which>",
        "whether callers' credentials go to the upstream; by default, unless access is configured here",
      ).choices(["forward", "none"]),
    )
    .addOption(pathFlag("--upstream-token-file <file>", "file with a bearer token for the upstream, for all callers"))
    .addOption(flag("--upstream-server-name <name>", "name that the upstream's certificate must have"))
    .addOption(
      list("--upstream-allow <locations>", "other Flight servers whose tickets may be redeemed through this one"),
    )
    .addOption(
      list("--forward-header <names>", "request headers that go to the upstream, besides credentials; x-app-* or *"),
    );
}
