/**
 * Parses the value of `--columns`: names separated by commas. Spaces around a name do not count. A name with a comma or
 * with such spaces is in double quotes, where `""` means a quote, as in filters.
 *
 * @returns undefined if a name is missing, or if a quoted name has no end or is not followed by a comma
 */
export function parseColumnNames(text: string): string[] | undefined {
  const names: string[] = [];
  const item = /\s*(?:"((?:[^"]|"")*)"|([^",\s][^,]*?))\s*(?:,|$)/y;
  do {
    const [, quoted, bare] = item.exec(text) ?? [];
    const name = quoted?.replaceAll('""', '"') ?? bare;
    if (name === undefined) return undefined;
    names.push(name);
  } while (item.lastIndex < text.length || text.endsWith(","));
  return names;
}
