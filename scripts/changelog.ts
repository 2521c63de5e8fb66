/**
 * Returns the day of a release, `YYYY-MM-DD`, from a changelog in the format of keepachangelog.com. Throws an Error if
 * the release is not in it.
 */
export function releaseDate(changelog: string, version: string): string {
  const heading = new RegExp(`^## \\[${RegExp.escape(version)}\\] - (\\d{4}-\\d{2}-\\d{2})$`, "m").exec(changelog);
  if (heading?.[1] === undefined) throw new Error(`CHANGELOG.md has no heading for version ${version} with its day`);
  return heading[1];
}

/** Returns the text of a release in a changelog, without its heading. */
export function releaseNotes(changelog: string, version: string): string {
  const start = changelog.indexOf(`\n## [${version}]`);
  if (start < 0) throw new Error(`CHANGELOG.md has no heading for version ${version}`);
  const body = changelog.slice(changelog.indexOf("\n", start + 1) + 1);
  return body.slice(0, /^(## \[|\[[^\]]+\]: )/m.exec(body)?.index).trim();
}
