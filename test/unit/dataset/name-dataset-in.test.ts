import { expect, test } from "vitest";
import { missingDataset, nameDatasetIn, parseDatasetName } from "../../../src/dataset/index.ts";
import { FlightError } from "../../../src/flight/index.ts";

const name = parseDatasetName("folder/a");

test("an error keeps its code and gets the dataset's name once", () => {
  const named = nameDatasetIn(new FlightError("data_loss", "the footer is cut off"), name);
  expect(named).toMatchObject({ code: "data_loss", message: 'dataset "folder/a": the footer is cut off' });
  expect(nameDatasetIn(named, name)).toBe(named);
});

test.each([
  ["names its dataset", missingDataset(name)],
  ["says that the call was cancelled", new FlightError("cancelled", "the client left")],
  ["is no FlightError", new Error("the socket was closed")],
])("an error that %s stays as it is", (_, reason) => {
  expect(nameDatasetIn(reason, name)).toBe(reason);
});
