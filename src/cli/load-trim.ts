/**
 * Returns a function that gives freed memory back to the system.
 *
 * glibc keeps what is freed between two pieces that are in use, however much it is. Only `malloc_trim` gives it back, and
 * Node has no way to call it, so an optional package does. Resolves to undefined where that is not installed, and where the
 * allocator is not glibc's: others give memory back on their own.
 */
export async function loadTrim(): Promise<(() => void) | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    // Among the symbols of the process itself. Source: malloc_trim(3).
    const trim = koffi.load(null).func("int malloc_trim(size_t pad)");
    return () => void trim(0);
  } catch {
    return undefined;
  }
}
