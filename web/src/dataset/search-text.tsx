import { useState, type FormEvent } from "react";
import { quoteText, type Field } from "hangar/flight";
import { addCondition } from "../selection/filter-text.ts";
import { quoteField } from "../selection/column-fields.ts";
import { currentView, navigate } from "../state/navigate.ts";

const textKinds = new Set(["utf8", "large_utf8", "utf8_view"]);

/** Columns that are searched: the server looks through all of their values. */
const searchedMax = 40;

/** A filter for rows that have a text in any of the columns of text, whatever its case; undefined without such columns; pure. */
export function searchCondition(fields: readonly Field[], text: string): string | undefined {
  const searched = fields.filter(({ type }) => textKinds.has(type.kind)).slice(0, searchedMax);
  if (searched.length === 0) return undefined;
  const parts = searched.map((field) => `${quoteField(field)} icontains ${quoteText(text)}`);
  return parts.length === 1 ? parts[0] : `(${parts.join(" or ")})`;
}

/** Searches all columns of text that are shown, by a filter. */
export function SearchText({ fields }: { readonly fields: readonly Field[] }) {
  const [text, setText] = useState("");
  if (searchCondition(fields, "") === undefined) return null;
  const search = (event: FormEvent): void => {
    event.preventDefault();
    const condition = text === "" ? undefined : searchCondition(fields, text);
    if (condition === undefined) return;
    navigate({ filter: addCondition(currentView().filter, condition), row: undefined });
    setText("");
  };
  return (
    <form onSubmit={search}>
      <input
        type="search"
        className="search-text"
        aria-label="Search the shown columns of text"
        placeholder="Search text"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}
