import { join } from "node:path";
import { describeChecks } from "../support/checks.ts";
import { startBehindProxy, startHangar, startRecipe } from "../support/server.ts";

const file = (name: string) => join(import.meta.dirname, "../interop", name);

// pyarrow's client through the proxy, as it is tried without one.
describeChecks("pyarrow's calls through the proxy to the recipe's server", file("calls.py"), () =>
  startBehindProxy(startRecipe),
);
for (const name of ["calls.py", "acknowledgements.py", "errors.py", "partial-flights.py"]) {
  describeChecks(`through the proxy to Hangar: ${name}`, file(name), () => startBehindProxy(startHangar));
}
