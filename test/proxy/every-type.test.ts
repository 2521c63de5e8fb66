import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startBehindProxy, startPyarrowMemory } from "../support/server.ts";

const file = join(import.meta.dirname, "every_type.py");

// Without the proxy too, which proves the checks themselves.
describeChecks("every type between pyarrow and pyarrow", file, startPyarrowMemory);
describeChecks("every type between pyarrow and pyarrow, through the proxy", file, () =>
  startBehindProxy(startPyarrowMemory),
);
