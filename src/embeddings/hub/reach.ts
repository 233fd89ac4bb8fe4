/** Asks the hub whether it is there, for those who report on a machine. */
import { type Environment, hubEnvironment, readToken } from './environment.ts';
import { defaultPatience, type HubPatience, makeHubFetch } from './hub-fetch.ts';

/**
 * Asks the hub for one line about a model that everybody may read.
 *
 * @throws NoAnswerError when nothing answers in time; HubAnswerError, HubAccessError, HubBusyError for other answers
 */
export async function askHub(
  env: Environment = process.env,
  patience: Partial<HubPatience> = {},
): Promise<void> {
  const hub = hubEnvironment(env);
  const model = 'sentence-transformers/all-mpnet-base-v2';
  const hubFetch = makeHubFetch({
    model,
    revision: 'main',
    endpoint: hub.endpoint,
    token: await readToken(hub),
    login: hub.login,
    patience: { ...defaultPatience, retryDelaysMs: [], ...patience },
  });
  await hubFetch(`${hub.endpoint}/api/models/${model}`);
}
