import { findVersionProblem } from "../client-node/node-version.ts";

/*
 * The entry points for Node import this file first. An old Node would otherwise fail later, at a function that it does
 * not have.
 */
const problem = findVersionProblem(process.versions);
if (problem !== undefined) throw new Error(problem);
