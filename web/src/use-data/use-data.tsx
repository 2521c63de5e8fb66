import { Suspense, useState } from "react";
import type { DatasetDescription } from "../api/describe-dataset.ts";
import { ErrorBoundary } from "../ui/error-boundary.tsx";
import { lazyPart } from "../ui/lazy-part.tsx";

const UseDataDialog = lazyPart(async () => (await import("./use-data-dialog.tsx")).default);

interface Props {
  readonly dataset: DatasetDescription;
  /** Whether the server has the dataset as a file over HTTP. */
  readonly hasFile: boolean;
}

/** The button that shows how programs get what is seen of a dataset. */
export function UseData({ dataset, hasFile }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Use this data
      </button>
      {isOpen && (
        <ErrorBoundary>
          <Suspense fallback={null}>
            <UseDataDialog dataset={dataset} hasFile={hasFile} onClose={() => setOpen(false)} />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}
