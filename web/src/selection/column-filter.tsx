import { lazy, Suspense, type ComponentProps } from "react";
import { loadPart } from "../state/use-load.ts";

const ColumnFilterDialog = lazy(() => loadPart(import("./column-filter-dialog.tsx")));

/** The dialog that filters by one column. It is loaded when it is first opened. */
export function ColumnFilter(props: ComponentProps<typeof ColumnFilterDialog>) {
  return (
    <Suspense fallback={null}>
      <ColumnFilterDialog {...props} />
    </Suspense>
  );
}
