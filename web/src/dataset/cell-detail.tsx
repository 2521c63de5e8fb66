import { useMemo } from "react";
import type { Field } from "hangar/flight";
import { showType } from "../table/show-type.ts";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { say } from "../state/toast.ts";
import { take, useLoad } from "../state/use-load.ts";
import { useReloadOf } from "../state/use-reload-of.ts";
import { isWhole } from "../table/row-cache.ts";
import type { RowSource } from "../table/row-source.ts";
import { isBinary, isNested, shownType, toStoredText } from "../table/show-cells.ts";
import { isLink, Link } from "../table/cell-text.tsx";
import type { ValueFormat } from "../table/value-format.ts";
import { copyText } from "../ui/copy.ts";
import { Dialog } from "../ui/dialog.tsx";
import { formatCount, showName } from "../ui/format.ts";
import { Failure, Loading } from "../ui/message.tsx";
import { explainValue } from "./explain-value.ts";
import { isShownImage, ValueImage } from "./value-image.tsx";
import "./cell-detail.css";

/** Characters of a value that are shown; all of them can be copied. */
const shownCharsMax = 200_000;

interface Props {
  readonly dataset: DatasetDescription;
  readonly source: RowSource;
  readonly field: Field;
  readonly row: number;
  readonly format: ValueFormat;
  onClose(): void;
}

/** The whole value of one cell: nested values line by line, times in their zone. */
export default function CellDetail({ dataset, source, field, row, format, onClose }: Props) {
  const loaded = useLoad(`${field.name}\n${row}`, async (signal) => {
    for await (const chunk of source.read({ rowStart: row, rowEnd: row + 1 }, [field.name], { signal })) {
      return chunk.cells.get(field.name)!(0);
    }
    return null;
  });
  const error = useReloadOf(loaded.status === "failed" ? loaded.error : undefined, dataset);
  const value = loaded.status === "ready" ? loaded.value : undefined;
  const type = shownType(field);
  const { text, note } = useMemo(
    () => explainValue(type, value ?? null, { charsMax: shownCharsMax, format }),
    [field, value, format],
  );
  const copy = (): void =>
    void copyText(isNested(type) ? explainValue(type, value ?? null).text : toStoredText(type, value ?? "")).then(
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
      <p className="type">{showType(field)}</p>
      {loaded.status === "loading" && <Loading what="the value" />}
      {error && <Failure what="The value cannot be read" error={error} />}
      {value === null && <p className="null">null</p>}
      {value === "" && <p className="blank">{isBinary(type) ? "no bytes" : "an empty text"}</p>}
      {value && isBinary(type) && isShownImage(value) && <ValueImage base64={value} alt={showName(field.name)} />}
      {value && <pre tabIndex={0}>{isLink(value) ? <Link url={value} isStop /> : text}</pre>}
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
