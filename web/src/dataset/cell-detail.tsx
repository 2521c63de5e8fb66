import { useMemo } from "react";
import { formatType, type Field } from "hangar/flight";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { say } from "../state/toast.ts";
import { take, useLoad } from "../state/use-load.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { isWhole } from "../table/row-cache.ts";
import type { RowSource } from "../table/row-source.ts";
import { isBinary } from "../table/show-cells.ts";
import { copyText } from "../ui/copy.ts";
import { Dialog } from "../ui/dialog.tsx";
import { formatCount, showName } from "../ui/format.ts";
import { Failure, Loading } from "../ui/message.tsx";
import { explainValue } from "./explain-value.ts";
import "./cell-detail.css";

/** Characters of a value that are shown; all of them can be copied. */
const shownCharsMax = 200_000;

interface Props {
  readonly dataset: DatasetDescription;
  readonly source: RowSource;
  readonly field: Field;
  readonly row: number;
  onClose(): void;
}

/** The whole value of one cell: nested values line by line, times in their zone. */
export function CellDetail({ dataset, source, field, row, onClose }: Props) {
  const loaded = useLoad(`${field.name}\n${row}`, async (signal) => {
    for await (const chunk of source.read({ rowStart: row, rowEnd: row + 1 }, [field.name], { signal })) {
      return chunk.cells.get(field.name)!(0);
    }
    return null;
  });
  const error = useReloadOf(loaded.status === "failed" ? loaded.error : undefined, dataset);
  const value = loaded.status === "ready" ? loaded.value : undefined;
  const { text, note } = useMemo(() => explainValue(field.type, value ?? null, shownCharsMax), [field, value]);
  const copy = (): void =>
    void copyText(explainValue(field.type, value ?? null).text).then(
      () => say("Copied the value"),
      (reason: unknown) => say(take(reason).message),
    );
  return (
    <Dialog
      title={`${showName(field.name)}, row ${formatCount(row + 1)}`}
      onClose={onClose}
      actions={
        <>
          <button type="button" disabled={typeof value !== "string"} onClick={copy}>
            Copy
          </button>
          <button type="button" className="primary" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      <p className="type">{formatType(field)}</p>
      {loaded.status === "loading" && <Loading what="the value" />}
      {error && <Failure what="The value cannot be read" error={error} />}
      {value === null && <p className="null">null</p>}
      {value === "" && <p className="blank">{isBinary(field.type) ? "no bytes" : "an empty text"}</p>}
      {value && <pre tabIndex={0}>{text}</pre>}
      {note && <p className="hint">{note}</p>}
      {!isWhole(text) && (
        <p className="hint">
          {text.length < shownCharsMax
            ? `${formatCount(text.length)} characters`
            : `The first ${formatCount(shownCharsMax)} characters; Copy copies all of them`}
        </p>
      )}
    </Dialog>
  );
}
