import { tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { expect, test } from "vitest";
import { decodeIpcStream, encodeIpcStream, limitRows, messageKind, type RowLimit } from "../../../src/arrow/index.ts";
import type { FlightFrame } from "../../../src/flight/index.ts";

const tables = [0, 1, 2].map((i) => tableFromArrays({ n: Int32Array.of(3 * i, 3 * i + 1, 3 * i + 2) }));
const [schema, ...batches] = tables.flatMap((table, i) =>
  [...decodeIpcStream(tableToIPC(table, "stream"))].filter(({ header }) => i === 0 || messageKind(header) !== "schema"),
);

test.each<[RowLimit, number[], number[]]>([
  [{}, [0, 1, 2, 3, 4, 5, 6, 7, 8], []],
  [{ offset: 3 }, [3, 4, 5, 6, 7, 8], [0]],
  [{ offset: 1, limit: 1 }, [1], [0]],
  [{ offset: 2, limit: 5 }, [2, 3, 4, 5, 6], [0, 2]],
  [{ limit: 3 }, [0, 1, 2], []],
  [{ limit: 0 }, [], []],
  [{ offset: 9 }, [], [0, 1, 2]],
])(
  "%j of three batches gives rows %j, and releases batches %j, which are not passed on",
  async (limit, rows, freed) => {
    const released: number[] = [];
    async function* frames(): AsyncGenerator<FlightFrame> {
      yield schema!;
      for (const [i, frame] of batches.entries()) yield { ...frame, release: () => released.push(i) };
    }
    const limited = await Array.fromAsync(limitRows(frames(), limit));
    expect([...(tableFromIPC(encodeIpcStream(limited)).getChild("n") ?? [])]).toEqual(rows);
    expect(released).toEqual(freed);
  },
);
