import type { Command } from "commander";
import { useLightHeaders } from "./light-headers.ts";
import { serveFlags } from "./serve-flags.ts";
import type { ServeOptions } from "./serve.ts";
import { addUpstreamOptions } from "./upstream-options.ts";

/**
 * Adds `hangar serve` and its flags. Each flag can also be set with an environment variable: `HANGAR_` and its name.
 */
export function addServeCommand(program: Command): Command {
  const command = program
    .command("serve")
    .description(
      "Serve the Parquet files of a folder or a bucket, or another Flight server, over Arrow Flight: native gRPC, gRPC-Web and Connect on one port",
    )
    .allowExcessArguments(false);
  for (const option of serveFlags()) command.addOption(option);
  addUpstreamOptions(command);
  return command.action(runServe);
}

async function runServe({ upstream }: ServeOptions, command: Command): Promise<void> {
  useLightHeaders();
  const [{ ParquetPool }, { tuneMemory }] = await Promise.all([
    import("../parquet/index.ts"),
    import("./tune-memory.ts"),
  ]);
  tuneMemory();
  // The workers start while this thread loads the server.
  const pool = upstream === undefined ? new ParquetPool() : undefined;
  try {
    const [{ serve }, { readSettings }] = await Promise.all([import("./serve.ts"), import("./config/settings.ts")]);
    await serve(() => readSettings(command), pool);
  } catch (reason) {
    // A thread that is starting keeps the process alive.
    await pool?.close();
    throw reason;
  }
}
