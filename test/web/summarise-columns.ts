import { connect } from "../../src/client-node/index.ts";
import { readParts } from "../../src/rows/index.ts";
import type { Field } from "../../src/arrow/index.ts";
import { createSummariser } from "../../web/src/columns/summarise.ts";
import type { ColumnSummariser, SummaryLimits } from "../../web/src/columns/summary.ts";
import type { TestServer } from "../support/server.ts";

/** A column and its summary, as the worker of the web app makes it. */
export interface SummarisedColumn {
  readonly field: Field;
  readonly summariser: ColumnSummariser;
}

/** Reads a dataset, and summarises each of its columns. Returns them by their names. */
export async function summariseColumns(
  server: TestServer,
  dataset: string,
  limits: SummaryLimits,
): Promise<ReadonlyMap<string, SummarisedColumn>> {
  const columns = new Map<string, SummarisedColumn>();
  const { flight } = connect(server.location);
  for await (const part of readParts(flight.doGet({ ticket: Buffer.from(dataset) }))) {
    if (part.kind === "schema") continue;
    for (const array of part.columns) {
      const { field } = array;
      const column = columns.get(field.name) ?? { field, summariser: createSummariser(field, limits) };
      columns.set(field.name, column);
      column.summariser.add(array, part.dictionaries, part.rowCount);
    }
  }
  return columns;
}
