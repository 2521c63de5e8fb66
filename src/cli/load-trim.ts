/**
 * Returns a function that gives freed memory back to the system.
 *
 * glibc keeps freed memory between blocks that are in use, without a limit. Only `malloc_trim` gives it back. Node
 * cannot call it, so an optional package does. Resolves to undefined if the package is not installed, or if the
 * allocator is not glibc's: other allocators give memory back themselves.
 */
export async function loadTrim(): Promise<(() => void) | undefined> {
  try {
    const { default: koffi } = await import("koffi");
    // The symbols of the process itself. Source: malloc_trim(3).
    const trim = koffi.load(null).func("int malloc_trim(size_t pad)");
    return () => void trim(0);
  } catch {
    return undefined;
  }
}
