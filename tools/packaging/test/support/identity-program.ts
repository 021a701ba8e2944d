/**
 * A CommonJS program that loads every entry by `require` and by `import`, and
 * fails where one has what the other has not, or where the two are not the same.
 */
export function identityProgram(entries: readonly string[]): string {
  return `
async function check(entry) {
  const required = require(entry);
  const imported = await import(entry);
  const names = Object.keys(imported).filter((name) => name !== "module.exports" && name !== "default");
  if (names.length === 0) throw new Error(entry + " exports nothing");
  for (const name of new Set([...names, ...Object.keys(required)])) {
    if (!(name in required && name in imported)) throw new Error(entry + " has only one " + name);
    if (required[name] !== imported[name]) throw new Error(entry + " has two of " + name);
  }
}
(async () => {
  for (const entry of ${JSON.stringify(entries)}) await check(entry);
  console.log("the same");
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;
}
