import { useEffect, useRef } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { announce } from "../state/announce.ts";
import { navigate } from "../state/navigate.ts";
import type { Order } from "../state/view.ts";
import { orderWords, partWords } from "./row-words.ts";
import type { ViewedRows } from "./use-row-source.ts";

interface Props {
  readonly dataset: DatasetDescription;
  readonly rows: ViewedRows;
  readonly order: Order | undefined;
}

/** Says what of the rows the table has not, and why. */
export function RowsNotes({ dataset, rows, order }: Props) {
  const isThere = rows.source !== undefined;
  useToldOrder(order, isThere);
  if (!isThere || (order === undefined && dataset.hasSelections)) return null;
  const part = partWords(rows);
  if (order === undefined) {
    return part === undefined ? null : <p className="note">This server sends datasets as a whole: here are {part}.</p>;
  }
  return (
    <p className="note">
      Sorted by {orderWords(order)}
      {part === undefined ? "." : `: ${part}, as the server does not sort.`}
      <button type="button" className="quiet" onClick={() => navigate({ order: undefined })}>
        Clear sort
      </button>
    </p>
  );
}

/** Tells the order of rows when it has changed, once they are in it. */
function useToldOrder(order: Order | undefined, isThere: boolean): void {
  const words = order ? `Ordered by ${orderWords(order)}` : "Rows in their stored order";
  const told = useRef(words);
  useEffect(() => {
    if (!isThere || told.current === words) return;
    told.current = words;
    announce(words);
  }, [words, isThere]);
}
