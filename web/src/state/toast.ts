import { createObserved, useObserved } from "./observed.ts";

/** How long a short word stays, in milliseconds. */
const toastMs = 4000;

const toast = createObserved<string | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** A short word on what has just been done; undefined when there is nothing to tell. */
export function useToast(): string | undefined {
  return useObserved(toast);
}

/** Says in a short word what has been done. */
export function say(text: string): void {
  toast.set(text);
  clearTimeout(timer);
  timer = setTimeout(() => toast.set(undefined), toastMs);
}
