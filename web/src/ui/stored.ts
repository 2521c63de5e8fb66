/** Reads what this browser keeps for the page; null where there is nothing, or it keeps nothing for pages. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Has this browser keep something for the page, if it does so at all. */
export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // What is not kept is chosen anew the next time.
  }
}

/** Whether this browser keeps anything for the page. */
export function canStore(): boolean {
  try {
    return localStorage.length >= 0;
  } catch {
    return false;
  }
}
