/** What is not code stays a file of its own, known by its address. */
declare module '*.raw.css' {
  const address: string;
  export default address;
}

declare module '*/arguments.json' {
  const address: string;
  export default address;
}
