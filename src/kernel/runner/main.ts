/** The runner process: runs user code for the protocol process, and can be lost without losing the kernel. */

import { installComms, receiveComm } from './comms.ts';
import { type ControlMessage, startControl } from './control.ts';
import { installCrashReports } from './crashes.ts';
import { installDisplay } from './display.ts';
import { evaluate } from './evaluate.ts';
import { emit } from './link.ts';
import { installPrompt } from './prompt.ts';
import { createCellRunner } from './run-cell.ts';
import { leaveRuns, trackRuns } from './run-context.ts';
import { installShell } from './shell.ts';
import { installStreams } from './streams.ts';
import { installTimers } from './timers.ts';
import { describeError } from './traceback.ts';

const control = startControl(handle);
const runner = createCellRunner({
  evaluate,
  describeError,
  emit,
  isInterrupted: control.isInterrupted,
});
trackRuns();
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
