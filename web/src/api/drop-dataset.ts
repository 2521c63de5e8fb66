import { dropActionType } from "hangar/flight";
import { flight } from "./client.ts";

/** Deletes a dataset, as the cookbook's recipe has it. Throws NOT_FOUND where there is none of the name. */
export async function dropDataset(name: string): Promise<void> {
  const action = { type: dropActionType, body: new TextEncoder().encode(name) };
  for await (const _ of flight.doAction(action));
}
