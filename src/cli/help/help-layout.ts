import { Help, type Command } from "commander";

/** The heading of the flags of `clientFlags`. */
export const clientFlagsHeading = "Server and output:";

/** Adds the layout of every help text: a command's own options come before those that many commands have. */
export function layOutHelp(program: Command): void {
  const { groupItems } = Help.prototype;
  const ownFirst: Help["groupItems"] = (...args) => {
    const groups = groupItems(...args);
    const shared = groups.get(clientFlagsHeading);
    if (shared && groups.delete(clientFlagsHeading)) groups.set(clientFlagsHeading, shared);
    return groups;
  };
  program.configureHelp({ groupItems: ownFirst });
}
