const email = "ada@example.com";
const password = "Corr3ct-horse";
const apiKeyPrefix = "vkey-1a2b3c4d";
// --- the snippet ---
