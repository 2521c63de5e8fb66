import { Argument, type Command } from "commander";
import { shells, type Shell } from "./shell-scripts.ts";

/**
 * Adds `hangar completion`, which prints a script for a shell, and the hidden `hangar complete`, which the script calls.
 */
export function addCompletionCommands(program: Command): void {
  program
    .command("completion")
    .description("Print a script that completes commands, flags and datasets in a shell")
    .addArgument(new Argument("<shell>").choices(shells))
    .allowExcessArguments(false)
    .action(async (shell: Shell) => {
      const { shellScripts } = await import("./shell-scripts.ts");
      process.stdout.write(shellScripts[shell]);
    });
  program
    .command("complete", { hidden: true })
    .argument("[words...]")
    .passThroughOptions()
    .action(async (words: string[]) => {
      const { planCompletion } = await import("./plan-completion.ts");
      const plan = planCompletion(program, words);
      const lines = plan.candidates.map(({ value, description }) => [value, description ?? ""].join("\t"));
      if (plan.datasets) {
        const { datasetCandidates } = await import("./dataset-candidates.ts");
        lines.push(...(await datasetCandidates(plan.command, plan.words, words.at(-1) ?? "")));
      }
      if (plan.files) lines.push(":files");
      for (const line of lines) if (!/[\p{Cc}--\t]/v.test(line)) console.log(line);
    });
}
