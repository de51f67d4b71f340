/** The address of a style sheet. */
declare module '*.raw.css' {
  const href: string;
  export default href;
}
