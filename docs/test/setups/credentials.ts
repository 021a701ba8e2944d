const email = "ada@example.com";
const password = "Corr3ct-horse";
// --- the snippet ---
