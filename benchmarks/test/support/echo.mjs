// What a child process answers, without the loader that TypeScript needs.
process.on("message", ({ message }) => {
  if (message === "exit") process.exit();
  process.send(message === "fail" ? { failure: "told to fail" } : { value: message });
});
process.on("disconnect", () => process.exit());
