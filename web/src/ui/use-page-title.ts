import { useEffect } from "react";
import { announce } from "../state/announce.ts";
import { focusTitle, isFocusLost } from "./focus.ts";

/** The title that was told last; empty before the first page. */
let told = "";

/**
 * Sets the title of the page. Once the page is there, its heading takes the focus if nothing else has it; otherwise the
 * title is announced.
 *
 * @param isThere - false while the page is being loaded
 */
export function usePageTitle(title: string, isThere = true): void {
  useEffect(() => {
    document.title = `${title} · Hangar`;
    if (!isThere) return;
    const isNew = told !== "" && told !== title;
    told = title;
    if (!(isFocusLost() && focusTitle()) && isNew) announce(title);
  }, [title, isThere]);
}
