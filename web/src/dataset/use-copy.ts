import { useEffect, useRef } from "react";
import { say } from "../state/toast.ts";
import { take } from "../state/use-load.ts";
import { copyCells, type CopiedCells } from "../table/copy-cells.ts";

/** Copies cells and says so; what is still being copied ends with the view, and with what is copied next. */
export function useCopy(): (cells: CopiedCells) => void {
  const copying = useRef(new AbortController());
  useEffect(() => () => copying.current.abort(), []);
  return (cells) => {
    copying.current.abort();
    const { signal } = (copying.current = new AbortController());
    copyCells(cells, signal).then(say, (reason: unknown) => signal.aborted || say(take(reason).message));
  };
}
