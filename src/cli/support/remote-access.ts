/** Whether a server may listen for other machines: never by accident, and never without a password. */
import { hostname, networkInterfaces } from 'node:os';
import { UsageError } from './command.ts';

/** What a server needs to know to be reached from other machines. */
export interface RemoteAccess {
  ip?: string;
  hosts?: string[];
  password?: string;
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
const EVERYWHERE = ['0.0.0.0', '::'];
const SHORTEST_PASSWORD = 8;

/**
 * Reads `--ip` and `--allow-remote`.
 * @throws UsageError for an address of other machines without the flag or without a long enough password
 */
export function readRemote(ip: string | undefined, isAllowed: boolean, env: NodeJS.ProcessEnv): RemoteAccess {
  if (ip === undefined) {
    if (isAllowed) throw new UsageError('--allow-remote needs the address to listen on: --ip.');
    return {};
  }
  if (LOOPBACK.test(ip)) return { ip };
  if (!isAllowed)
    throw new UsageError(
      `--ip '${ip}' lets other machines run code here. Add --allow-remote if that is meant.`,
    );
  const password = env.TSBERT_LAB_PASSWORD ?? '';
  if (password.length < SHORTEST_PASSWORD)
    throw new UsageError(
      `--allow-remote needs a password of ${SHORTEST_PASSWORD} characters or more in TSBERT_LAB_PASSWORD.`,
    );
  return { ip, password, hosts: EVERYWHERE.includes(ip) ? ownNames() : [ip] };
}

/** Every name and address that other machines may call this one by. */
function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  return [...addresses.map((address) => address.split('%')[0]!), hostname()];
}
