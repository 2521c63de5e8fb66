import { useEffect, useMemo } from "react";
import { useConnection } from "../state/connection.ts";
import { placeWidths } from "./column-widths.ts";
import type { DataTableProps } from "./data-table-props.ts";
import { moreColumn } from "./more-columns.tsx";
import { showCell, shownType } from "./show-cells.ts";
import { TableFrame } from "./table-frame.ts";

/** The frame of the columns that are shown; it stays, with all that HighTable keeps of it, when other rows come. */
export function useFrame(
  { dataset, source, fields, format, more, onError }: DataTableProps,
  names: readonly string[],
): TableFrame {
  const hasMore = more !== undefined;
  const { epoch } = useConnection();
  const frame = useMemo(() => {
    placeWidths(dataset, names);
    const columns = fields.map((field) => {
      const type = shownType(field);
      const show = (text: string): string => showCell(type, text, format);
      return { name: field.name, isSortable: field.children.length === 0, show };
    });
    if (hasMore) columns.push({ name: moreColumn, isSortable: false, show: String });
    return new TableFrame(source, columns, onError);
  }, [fields, format, hasMore]);
  useEffect(() => () => frame.close(), [frame]);
  useEffect(() => {
    frame.show(source);
    return source.subscribe?.(() => frame.grow());
  }, [frame, source]);
  useEffect(() => frame.retry(), [frame, epoch]);
  return frame;
}
