import { Converter, ReflectionKind } from "typedoc";

/**
 * Lets the comment of an export describe the properties of an inline object type in it. Without this, TypeDoc asks for a
 * comment on each property, also in generated code.
 */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    const names = project
      .getReflectionsByKind(ReflectionKind.Property)
      .filter((each) => isInline(each) && !isOfParameter(each) && !each.hasComment())
      .map((each) => each.getFriendlyFullName());
    app.options.setValue("intentionallyNotDocumented", [...new Set(names)]);
  });
}

function isInline(property) {
  return property.parent.kindOf(ReflectionKind.TypeLiteral);
}

/** TypeDoc never asks for a comment there, and warns of exemptions that it does not need. */
function isOfParameter(reflection) {
  if (reflection === undefined) return false;
  return reflection.kindOf(ReflectionKind.Parameter) || isOfParameter(reflection.parent);
}
