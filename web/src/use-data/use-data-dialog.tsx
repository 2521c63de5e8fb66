import { useState } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { fileUrl } from "../api/file-url.ts";
import { serverUrl } from "../api/server.ts";
import { storedColumns } from "../selection/column-fields.ts";
import { shownColumns } from "../selection/shown-columns.ts";
import { useView } from "../state/navigate.ts";
import { useSession } from "../state/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Snippet } from "../ui/snippet.tsx";
import { readStored, writeStored } from "../ui/stored.ts";
import { isRefusedByDuckDb } from "./refused-by-duckdb.ts";
import { snippetsOf } from "./snippets.ts";
import "./use-data-dialog.css";

interface Props {
  readonly dataset: DatasetDescription;
  readonly hasFile: boolean;
  onClose(): void;
}

/** The language that was chosen last stays with this browser. */
const storageKey = "hangar-language";

/** Lines to copy into a program, that get the columns and rows as they are seen. */
export default function UseDataDialog({ dataset, hasFile, onClose }: Props) {
  const { name, schema, hasSelections } = dataset;
  const { columns: asked, filter } = useView();
  const { subject, canSignIn } = useSession();
  const [chosen, setChosen] = useState(() => readStored(storageKey));
  const columns =
    hasSelections && asked
      ? storedColumns(
          schema.fields,
          shownColumns(schema.fields, asked).map((field) => field.name),
        )
      : undefined;
  const snippets = snippetsOf({
    server: serverUrl,
    name,
    columns,
    filter: hasSelections ? filter : "",
    isRefusedByDuckDb: schema.fields.some(
      (field) => columns?.includes(field.name) !== false && isRefusedByDuckDb(field),
    ),
    fileUrl: hasFile ? fileUrl(name) : undefined,
    needsToken: subject !== "" || canSignIn,
  });
  const shown = snippets.find(({ title }) => title === chosen) ?? snippets[0]!;
  const choose = (title: string): void => {
    setChosen(title);
    writeStored(storageKey, title);
  };
  const isPart = columns !== undefined || filter !== "";
  return (
    <Dialog
      title={`Use ${name}`}
      onClose={onClose}
      actions={
        <button type="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <p>{isPart ? "The columns and rows as seen, in their stored order." : "The whole dataset."}</p>
      <fieldset className="languages">
        <legend className="unseen">Language</legend>
        {snippets.map(({ title }) => (
          <label key={title}>
            <input
              type="radio"
              name="language"
              className="unseen"
              checked={title === shown.title}
              onChange={() => choose(title)}
            />
            {title}
          </label>
        ))}
      </fieldset>
      <Snippet title={shown.title} text={shown.text} />
    </Dialog>
  );
}
