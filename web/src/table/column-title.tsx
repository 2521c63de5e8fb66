import type { ReactNode } from "react";
import { describedBy } from "./described-by.ts";
import { Glance } from "../columns/glances.tsx";
import { showName } from "../ui/format.ts";
import type { Field } from "hangar/flight";
import { showType } from "./show-type.ts";

/** A column's name and type, and beside them what can be done with it. */
export function ColumnTitle({ field, controls }: { readonly field: Field; readonly controls: ReactNode }) {
  const type = showType(field);
  const comment = describedBy(field.metadata);
  return (
    <span className="column-title">
      <span className="words">
        <span className="name" title={comment === undefined ? field.name : `${field.name}: ${comment}`}>
          {showName(field.name)}
        </span>
        <span className="type" title={type}>
          {type}
          {comment !== undefined && ` · ${comment}`}
        </span>
        <Glance field={field} />
      </span>
      {controls}
    </span>
  );
}
