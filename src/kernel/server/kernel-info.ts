/** What the kernel says of itself. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type KernelInfoReply, PROTOCOL_VERSION } from '../../jupyter/messages.ts';

const require = createRequire(import.meta.url);

/** The content of a `kernel_info_reply`. Reads two package.json files, and loads no TypeScript. */
export function kernelInfo(): KernelInfoReply {
  const version = readVersion(new URL('../../../package.json', import.meta.url));
  const typescript = readVersion(require.resolve('typescript/package.json'));
  return {
    status: 'ok',
    protocol_version: PROTOCOL_VERSION,
    implementation: 'tsbert',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: 'typescript',
      nbconvert_exporter: 'script',
    },
    banner: `tsbert ${version}: TypeScript ${typescript} on Node ${process.versions.node}`,
    help_links: [{ text: 'TypeScript handbook', url: 'https://www.typescriptlang.org/docs/handbook/' }],
    supported_features: ['kernel subshells'],
  };
}

function readVersion(path: string | URL): string {
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
