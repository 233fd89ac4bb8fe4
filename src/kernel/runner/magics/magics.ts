/** What the magics of a cell call: see `magics.ts` of the compiler, which writes the calls. */
import { resolve } from 'node:path';
import type * as cellGlobals from '../link/cell-globals.ts';
import { currentRun } from '../link/run-context.ts';
import type { Scope } from '../link/scope.ts';
import { publish } from '../output/display.ts';
import { tableBundle } from '../output/table.ts';
import { startClock, timeMany, timeOnce } from './timing.ts';
import { describeVariables, variableNames } from './variables.ts';

const HELP = `!COMMAND              runs a command of the system's shell
%npm install NAME     installs a package for the notebook
%time EXPRESSION      tells how long it takes; %%time in the first line times the cell
%timeit EXPRESSION    runs it many times and tells the mean
%who, %whos           the notebook's variables; as a table with type, size and value
%env                  environment variables; %env NAME shows one, %env NAME=VALUE sets it
%load_env FILE        sets those of a file (.env without a name)
%cd FOLDER            changes the folder that files and commands are found from
%%html, %%markdown, %%javascript, %%latex, %%svg
                      in the first line: shows the rest of the cell as such
NAME?                 signature and documentation
_                     the value of the last cell that had one
`;

/** Puts the magics of a notebook in place. @param scope its variables */
export function installMagics(scope: Scope): void {
  const print = (text: string) => void process.stdout.write(text);
  const $magic: typeof cellGlobals.$magic = {
    time: async (work) => {
      const { value, told } = await timeOnce(work);
      print(told);
      return value;
    },
    timeit: async (work) => print(await timeMany(work)),
    timeCell: () => {
      const stop = startClock();
      currentRun().onEnd = () => print(stop());
    },
    who: () => print(`${variableNames(scope).join('  ') || 'There are no variables yet.'}\n`),
    whos: () => publish(tableBundle(describeVariables(scope))),
    env: (text) => print(changeEnvironment(text)),
    cd: (folder) => {
      process.chdir(
        resolve(folder.replace(/^~(?=\/|$)/, process.env.HOME ?? '~') || (process.env.HOME ?? '.')),
      );
      print(`${process.cwd()}\n`);
    },
    loadEnv: (file) => process.loadEnvFile(file || '.env'),
    show: (type, text) => publish({ [type]: text }),
    help: () => print(HELP),
  };
  Object.assign(globalThis, { $magic, _: undefined } satisfies Partial<typeof cellGlobals>);
}

function changeEnvironment(text: string): string {
  const [, name = '', assign, value = ''] = /^(\w*)\s*(=?)\s*(.*)$/.exec(text) ?? [];
  if (assign) process.env[name] = value;
  const names = name ? [name] : Object.keys(process.env).sort();
  return names.map((it) => `${it}=${process.env[it] ?? ''}\n`).join('');
}
