/** The module that the assembly writes: JupyterLab's extensions, as its package.json lists them. */
declare module 'lab:extensions' {
  type Plugin = import('@lumino/application').IPlugin<
    import('@jupyterlab/application').JupyterFrontEnd,
    unknown
  >;
  type MimePlugin = import('@jupyterlab/rendermime-interfaces').IRenderMime.IExtension;
  export const extensions: readonly (readonly [name: string, exported: Plugin | Plugin[]])[];
  export const mimeExtensions: readonly (readonly [name: string, exported: MimePlugin | MimePlugin[]])[];
}
