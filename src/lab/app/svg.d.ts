/** Pictures: the assembly gives their text to the module that imports them. */
declare module '*.svg' {
  const text: string;
  export default text;
}
