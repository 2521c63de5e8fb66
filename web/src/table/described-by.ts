/** The keys of metadata under which programs keep what people wrote about a dataset, or a column. */
const keys = ["description", "comment", "doc"];

/** What the metadata of a schema, or of a field, says in words; undefined if it does not; pure. */
export function describedBy(metadata: ReadonlyMap<string, string>): string | undefined {
  for (const key of keys) {
    const text = metadata.get(key)?.trim();
    if (text) return text;
  }
  return undefined;
}
