// --- the snippet ---
export {};
