/** The ingredients by which recipes are told apart: one component of the vector each. */
const INGREDIENTS = [
  "apple",
  "basil",
  "bean",
  "butter",
  "cheese",
  "chocolate",
  "cream",
  "egg",
  "flour",
  "garlic",
  "lemon",
  "onion",
  "pasta",
  "potato",
  "rice",
  "sugar",
  "tomato",
];

/** How long vectors are. */
export const DIMENSION = INGREDIENTS.length;

/** A vector with a 1 for each ingredient that the text names, in the singular or the plural; undefined if it names none. */
export function embed(text: string): Float32Array | undefined {
  const words = new Set(text.toLowerCase().match(/[a-z]+/g));
  const vector = Float32Array.from(INGREDIENTS, (name) =>
    [name, `${name}s`, `${name}es`].some((word) => words.has(word)) ? 1 : 0,
  );
  return vector.includes(1) ? vector : undefined;
}
