/** Who may ask this server: the browser that opened the address with the token, from this server's own pages. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from './errors.ts';

/** What access depends on. */
export interface AccessOptions {
  token: string;
  /** Lets a person in who does not have the address; none on a server for this machine alone. */
  password?: string;
  /** Names that a browser may call this server by, without the port. */
  hosts: readonly string[];
  port: number;
}

/** A request as far as access goes. */
export interface Asked {
  method: string;
  headers: IncomingHttpHeaders;
  url: URL;
}

/** The checks of one running server. */
export interface Access {
  /** @throws HttpError 403 for a foreign name, a page of another site, or a caller without the secret */
  check(asked: Asked): void;
  /** As `check`, for a websocket: these need the Origin of this server. */
  checkSocket(asked: Asked): void;
  isLoggedIn(asked: Asked): boolean;
  /** Whether the request carries the token in its address: then it gets the cookie. */
  hasToken(asked: Asked): boolean;
  /** Whether there is a password that lets in. */
  readonly hasPassword: boolean;
  isPassword(given: string): boolean;
  /** Throws as `check` does, but asks for no secret: the login page. */
  checkPlace(asked: Asked): void;
  readonly cookie: string;
}

/** Reading methods change nothing; all others must come from a page of this server. */
const READING = ['GET', 'HEAD'];

/**
 * Makes the checks. The cookie holds a secret of its own, so that the token never enters the browser's store.
 * @param options - who is expected, under which names
 */
export function createAccess({ token, password, hosts, port }: AccessOptions): Access {
  const secret = randomBytes(32).toString('hex');
  const cookieName = `tsbert-lab-${port}`;
  const bracketed = hosts.map((host) => (host.includes(':') ? `[${host}]` : host));
  const names = new Set(bracketed.flatMap((host) => [`${host}:${port}`, ...(port === 80 ? [host] : [])]));

  const hasToken = ({ url }: Asked) => isSame(url.searchParams.get('token'), token);
  const isLoggedIn = (asked: Asked) =>
    hasToken(asked) ||
    isSame(/^(?:token|Bearer) (.+)$/i.exec(asked.headers.authorization ?? '')?.[1], token) ||
    isSame(readCookie(asked.headers.cookie, cookieName), secret);
  const isOwnOrigin = ({ headers }: Asked) => headers.origin === `http://${headers.host}`;

  const checkPlace = (asked: Asked) => {
    const { headers, method } = asked;
    // Any other name is a foreign page's, made to point here (DNS rebinding).
    if (!names.has(headers.host ?? '')) throw new HttpError(403, 'This server is not known by that name.');
    if (headers.origin !== undefined && !isOwnOrigin(asked)) throw foreign();
    if (headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] !== 'navigate')
      throw foreign();
    // A script outside a browser names itself by the token instead.
    if (!READING.includes(method) && !isOwnOrigin(asked) && headers.authorization === undefined)
      throw foreign();
  };
  const checkSecret = (asked: Asked) => {
    if (!isLoggedIn(asked))
      throw new HttpError(403, 'Open the address that the terminal shows: it holds the token.');
  };
  return {
    hasToken,
    isLoggedIn,
    checkPlace,
    hasPassword: password !== undefined,
    isPassword: (given) => password !== undefined && isSame(given, password),
    check(asked) {
      checkPlace(asked);
      checkSecret(asked);
    },
    checkSocket(asked) {
      checkPlace(asked);
      if (!isOwnOrigin(asked) && asked.headers.authorization === undefined) throw foreign();
      checkSecret(asked);
    },
    cookie: `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/`,
  };
}

function foreign(): HttpError {
  return new HttpError(403, 'This request comes from a page of another site.');
}

/** Compared in constant time, so that answers do not tell how much of a guess was right. */
function isSame(given: string | null | undefined, expected: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return a.length === b.length && a.length > 0 && timingSafeEqual(a, b);
}

function readCookie(header: string | undefined, name: string): string | undefined {
  const pair = header?.split('; ').find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}
