import { Suspense, type ComponentProps } from "react";
import { lazyPart } from "../ui/lazy-part.tsx";

const ColumnFilterDialog = lazyPart(async () => (await import("./column-filter-dialog.tsx")).default);

/** The dialog that filters by one column. It is loaded when it is first opened. */
export function ColumnFilter(props: ComponentProps<typeof ColumnFilterDialog>) {
  return (
    <Suspense fallback={null}>
      <ColumnFilterDialog {...props} />
    </Suspense>
  );
}
