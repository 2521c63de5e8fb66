import type { ComponentProps, MouseEvent } from "react";
import { navigate } from "../state/navigate.ts";
import { formatView, type View } from "../state/view.ts";

/** A link to a view: followed within the page, and an ordinary link to open elsewhere. */
export function ViewLink({ to, ...props }: { readonly to: View } & ComponentProps<"a">) {
  const follow = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(to);
  };
  return <a href={`./${formatView(to)}`} onClick={follow} {...props} />;
}
