/** The runner process: runs user code for the protocol process, and can be lost without losing the kernel. */

import { installCrashReports } from './crashes.ts';
import { createEvaluator } from './evaluate.ts';
import { emit } from './link/link.ts';
import { leaveRuns, trackRuns } from './link/run-context.ts';
import { installComms, receiveComm } from './output/comms.ts';
import { installDisplay } from './output/display.ts';
import { installPrompt } from './output/prompt.ts';
import { installStreams } from './output/streams.ts';
import { describeError } from './output/traceback.ts';
import { type ControlMessage, startControl } from './process/control.ts';
import { installPolyfills } from './process/polyfills.ts';
import { installShell } from './process/shell.ts';
import { installTimers } from './process/timers.ts';
import { createCellRunner } from './run-cell.ts';

// What only this file is told is no argument of the user's code.
const [fallbackFrom] = process.argv.splice(2);
const control = startControl(handle);
const runner = createCellRunner({
  evaluate: createEvaluator(process.cwd(), fallbackFrom).evaluate,
  describeError,
  emit,
  isInterrupted: control.isInterrupted,
});
trackRuns();
installPolyfills();
installStreams();
installTimers();
installDisplay();
installPrompt(control);
installComms();
installShell();
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
