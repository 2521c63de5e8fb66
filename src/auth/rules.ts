import { compileGlob } from "../dataset/index.ts";
import { FlightError } from "../flight/index.ts";
import type { Authorize, Identity, Right } from "../producer/index.ts";
import type { AccessConfig, AccessRule } from "./access-config.ts";

/** The glob that matches every name. A right on it includes data without a dataset name. */
const everything = "**";

interface CompiledRule {
  readonly subjects: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  readonly rights: ReadonlySet<Right>;
  readonly isForEverything: boolean;
  readonly globs: readonly ((name: string) => boolean)[];
}

/**
 * Creates the function that decides on rights from rules. @throws FlightError INVALID_ARGUMENT if a rule is not valid
 */
export function createAuthorize({ anonymous, rules = [] }: Pick<AccessConfig, "anonymous" | "rules">): Authorize {
  const compiled = rules.map(compileRule);
  return (identity, { right, dataset }) => {
    if (anonymous === "all" || (anonymous === "read" && right === "read")) return true;
    if (identity.subject === "") return false;
    if (rules.length === 0) return true;
    return compiled.some((rule) => isOf(rule, identity) && hasRight(rule, right) && isOn(rule, right, dataset));
  };
}

function compileRule({ subjects = [], groups = [], rights, datasets }: AccessRule): CompiledRule {
  if (subjects.length === 0 && groups.length === 0) {
    throw new FlightError("invalid_argument", "a rule has neither subjects nor groups");
  }
  if (datasets.includes("")) throw new FlightError("invalid_argument", "a rule has an empty glob; ** is every dataset");
  if (datasets.length === 0 && rights.some((right) => right !== "admin")) {
    throw new FlightError("invalid_argument", "a rule has no datasets");
  }
  return {
    subjects: new Set(subjects),
    groups: new Set(groups),
    rights: new Set(rights),
    isForEverything: datasets.includes(everything),
    globs: datasets.map(compileGlob),
  };
}

function isOf({ subjects, groups }: CompiledRule, identity: Identity): boolean {
  const isNamed = subjects.has("*") || subjects.has(identity.subject);
  return isNamed || (identity.groups?.some((group) => groups.has(group)) ?? false);
}

function hasRight({ rights }: CompiledRule, right: Right): boolean {
  return rights.has(right) || (right === "write" && rights.has("replace"));
}

function isOn({ isForEverything, globs }: CompiledRule, right: Right, dataset: string | undefined): boolean {
  if (right === "admin" || isForEverything) return true;
  return dataset !== undefined && globs.some((matches) => matches(dataset));
}
