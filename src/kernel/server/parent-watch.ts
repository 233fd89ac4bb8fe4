/** Ends the kernel with its parent: a front end that crashed leaves no kernel behind. */

const INTERVAL_MS = 1000;

/**
 * Calls `onDeath` once the process that started the kernel is gone, within about a second.
 *
 * @param env `JPY_PARENT_PID` names the parent, as Jupyter sets it
 */
export function watchParent(onDeath: () => void, env: NodeJS.ProcessEnv = process.env): void {
  const launcher = process.ppid;
  const jupyter = Number(env.JPY_PARENT_PID);
  // In a container the number may be one of the world outside.
  const hasJupyter = Number.isInteger(jupyter) && jupyter > 1 && isAlive(jupyter);
  const timer = setInterval(() => {
    // Windows keeps the number of a dead parent, others hand its children to another process.
    const isOrphan = process.platform === 'win32' ? !isAlive(launcher) : process.ppid !== launcher;
    if (!isOrphan && (!hasJupyter || isAlive(jupyter))) return;
    clearInterval(timer);
    onDeath();
  }, INTERVAL_MS);
  timer.unref();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
