/** The page's script: JupyterLab started with the extensions that the assembly lists, and ours. */

import { extensions, mimeExtensions } from 'lab:extensions';
import { JupyterLab } from '@jupyterlab/application';
import { JupyterPluginRegistry, PageConfig } from '@jupyterlab/coreutils';
import { IConnectionStatus, IServiceManager } from '@jupyterlab/services';
import { plugins as own } from './plugins.ts';

/** A plugin as far as it is listed: Settings → Plugin Manager and Help → About show these. */
interface Listed {
  id: string;
  description?: string;
  requires?: JupyterLab.IPluginInfo['requires'];
  optional?: JupyterLab.IPluginInfo['optional'];
  provides?: JupyterLab.IPluginInfo['provides'];
  autoStart?: JupyterLab.IPluginInfo['autoStart'];
}

const known: JupyterLab.IPluginInfo[] = [];
const disabled: string[] = [];

/** An extension's plugins, less the disabled ones. */
function pluginsOf<P>([extension, exported]: readonly [string, P | P[]]): P[] {
  return [exported].flat().filter((plugin) => {
    const { id, description, requires = [], optional = [], provides = null, autoStart } = plugin as Listed;
    const enabled = !PageConfig.Extension.isDisabled(id);
    known.push({ id, description, requires, optional, provides, autoStart, enabled, extension });
    if (!enabled) disabled.push(id);
    return enabled;
  }) as P[];
}

const pluginRegistry = new JupyterPluginRegistry();
const mime = mimeExtensions.flatMap((extension) => pluginsOf(extension));
pluginRegistry.registerPlugins(extensions.flatMap((extension) => pluginsOf(extension)));
pluginRegistry.registerPlugins(own);
const app = new JupyterLab({
  pluginRegistry,
  mimeExtensions: mime as unknown as JupyterLab.IOptions['mimeExtensions'],
  serviceManager: await pluginRegistry.resolveRequiredService(IServiceManager),
  connectionStatus: (await pluginRegistry.resolveOptionalService(IConnectionStatus)) ?? undefined,
  disabled: { matches: disabled, patterns: PageConfig.Extension.disabled },
  deferred: { matches: [], patterns: [] },
  availablePlugins: known,
});
app.start({ bubblingKeydown: true });
// For tests and for people who look: the name that JupyterLab itself uses.
if (PageConfig.getOption('exposeAppInBrowser') === 'true') Object.assign(window, { jupyterapp: app });
