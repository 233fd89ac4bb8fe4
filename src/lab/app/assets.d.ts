/** Pictures and styles that modules import: the assembly bundles them. */
declare module '*.svg' {
  const text: string;
  export default text;
}
declare module '*.css';
