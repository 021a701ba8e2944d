const WIDTH = 40;

/** Draws a progress bar over itself; in a pipe, one line at the end. */
export function showProgress(done: number, total: number): void {
  if (!process.stdout.isTTY) {
    if (done === total) console.log(`  ${done} of ${total}`);
    return;
  }
  const filled = Math.round((done / total) * WIDTH);
  process.stdout.write(`\r  [${"#".repeat(filled)}${" ".repeat(WIDTH - filled)}] ${done} of ${total}`);
  if (done === total) process.stdout.write("\n");
}

/** Prints rows of two columns under a title. */
export function showTable(title: string, rows: readonly (readonly [string, string])[]): void {
  console.log(title);
  for (const [left, right] of rows) console.log(`  ${left.padEnd(18)} ${right.padStart(8)}`);
  console.log();
}
