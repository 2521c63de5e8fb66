import { bytesTextOf, formatType, type Field } from "hangar/flight";

const textNames = { uuid: "uuid", utf8: "enum" } as const;

/** Shows the type of a field as pyarrow does; UUIDs and ENUMs, which are shown as text, by their names; pure. */
export function showType(field: Field): string {
  return formatType(field, (each) => {
    const text = bytesTextOf(each);
    return text && textNames[text];
  });
}
