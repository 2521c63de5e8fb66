import { createObserved, useObserved } from "./observed.ts";

/** What screen readers are told, and how many times they have been told something. */
export interface Announcement {
  readonly text: string;
  readonly count: number;
}

const announcement = createObserved<Announcement>({ text: "", count: 0 });

/** Tells screen readers what has changed, where the page shows it elsewhere than at the focus. */
export function announce(text: string): void {
  announcement.set({ text, count: announcement.get().count + 1 });
}

/** What has been told last. */
export function useAnnouncement(): Announcement {
  return useObserved(announcement);
}
