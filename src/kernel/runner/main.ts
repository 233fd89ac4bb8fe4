/** The runner process: runs user code for the protocol process, and can be lost without losing the kernel. */

import { installCrashReports } from './crashes.ts';
import { createEvaluator } from './evaluate.ts';
import { emit } from './link/link.ts';
import { leaveRuns, trackRuns } from './link/run-context.ts';
import { installMagics } from './magics/magics.ts';
import { installComms, receiveComm } from './output/comms.ts';
import { installDisplay } from './output/display.ts';
import { installPrompt } from './output/prompt.ts';
import { installStreams } from './output/streams.ts';
import { installTags } from './output/tags.ts';
import { describeError } from './output/traceback.ts';
import { type ControlMessage, startControl } from './process/control.ts';
import { installPolyfills } from './process/polyfills.ts';
import { installShell } from './process/shell.ts';
import { installTimers } from './process/timers.ts';
import { createCellRunner } from './run-cell.ts';

// What only this file is told is no argument of the user's code.
const [fallbackFrom] = process.argv.splice(2);
const control = startControl(handle);
const { evaluate, scope } = createEvaluator(process.cwd(), fallbackFrom);
const runner = createCellRunner({
  evaluate,
  describeError,
  emit,
  isInterrupted: control.isInterrupted,
});
trackRuns();
installPolyfills();
installStreams();
installTimers();
installDisplay();
installTags();
installPrompt(control);
installComms();
installShell();
installMagics(scope);
installCrashReports({ runner, describeError, emit });
emit({ type: 'ready' });

function handle(message: ControlMessage): void {
  leaveRuns();
  if (message.type === 'run') runner.run(message);
  else if (message.type === 'comm') receiveComm(message);
  else interrupt(message.id);
}

/** The same question may come several times. */
function interrupt(id: number): void {
  if (!control.isInterrupted()) return;
  runner.interrupt();
  control.confirmInterrupt(id);
  emit({ type: 'interrupted' });
}
