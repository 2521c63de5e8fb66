import { useId, useState, type FormEvent } from "react";
import { announce } from "../state/announce.ts";
import { useView } from "../state/navigate.ts";
import { forgetView, readSavedViews, saveView } from "../state/saved-views.ts";
import { formatView, parseView } from "../state/view.ts";
import { focusHome } from "../ui/focus.ts";
import { ViewLink } from "../ui/link.tsx";

/** Gives the view a name, and leads back to those that have one. This browser keeps them. */
export function SavedViews({ dataset }: { readonly dataset: string }) {
  const id = useId();
  const view = useView();
  const [name, setName] = useState("");
  const [saved, setSaved] = useState(() => readSavedViews(dataset));
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() === "") return;
    saveView(dataset, { name: name.trim(), query: formatView({ ...view, row: undefined }) });
    setSaved(readSavedViews(dataset));
    announce(`Saved the view ${name.trim()}`);
    setName("");
  };
  const forget = (forgotten: string): void => {
    forgetView(dataset, forgotten);
    announce(`Forgot the view ${forgotten}`);
    setSaved(readSavedViews(dataset));
  };
  return (
    <>
      <button type="button" popoverTarget={id}>
        Views
      </button>
      <div
        id={id}
        popover="auto"
        className="saved-views"
        role="dialog"
        aria-label="Saved views"
        {...focusHome}
        data-focus-home="inside"
      >
        <form onSubmit={save}>
          <input
            aria-label="Name of this view"
            placeholder="Name of this view"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <button type="submit" disabled={name.trim() === ""}>
            Save
          </button>
        </form>
        {saved.length === 0 && <p className="hint">A view is its columns, order, filter and format.</p>}
        <ul>
          {saved.map(({ name, query }) => (
            <li key={name}>
              <ViewLink to={{ ...parseView(query), dataset }}>{name}</ViewLink>
              <button type="button" className="quiet" aria-label={`Forget ${name}`} onClick={() => forget(name)}>
                ×
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
