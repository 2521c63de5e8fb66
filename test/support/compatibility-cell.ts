import { pageServerKinds, serverKinds } from "../conformance/server-kinds.ts";

/** Who talks to whom in Arrow's integration scenarios: the columns of docs/compatibility.md. */
export const scenarioColumns: readonly string[] = [
  "official client, our server",
  "official client and server, through the proxy",
  ...serverKinds.map((kind) => `our client in Node, ${kind}`),
  ...pageServerKinds.map((kind) => `our client in Chromium, ${kind}`),
];

/** The cell of docs/compatibility.md that a test's result goes to. */
export type CompatibilityCell =
  | { readonly table: "scenarios"; readonly scenario: string; readonly column: string }
  | { readonly table: "clients"; readonly client: string; readonly check: string };

declare module "vitest" {
  interface TaskMeta {
    /** Set by a test, at its beginning; `scripts/compatibility.ts` reads it with the test's result. */
    compatibility?: CompatibilityCell;
  }
}
