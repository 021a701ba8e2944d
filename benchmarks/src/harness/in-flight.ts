/** Makes so many calls, a bounded number of them under way at once. */
export async function callInFlight(
  call: () => Promise<unknown>,
  operations: number,
  inFlight: number,
): Promise<void> {
  let left = operations;
  const caller = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: Math.min(inFlight, operations) }, caller));
}
