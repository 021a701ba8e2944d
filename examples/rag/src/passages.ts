/** What questions are answered from, by name. */
export const PASSAGES: Readonly<Record<string, string>> = {
  bees: "Honey bees live in colonies of one queen and thousands of workers. A worker bee tells the others where flowers are by a waggle dance. In winter the colony eats its honey and keeps warm in a cluster.",
  bread:
    "Bread dough rises because yeast turns sugar into carbon dioxide. Salt slows the yeast down and makes the gluten stronger. Sourdough uses wild yeast and takes longer to rise.",
  comets:
    "A comet is a body of ice and dust that moves round the sun. Near the sun its ice turns into gas, which makes the tail. The tail of a comet always points away from the sun.",
  glass:
    "Glass is made by melting sand with soda and lime. Lead in the glass makes it heavier and lets it sparkle. Tempered glass is cooled fast, so that it breaks into small blunt pieces.",
  tides:
    "Tides are caused by the pull of the moon, and to a lesser part of the sun, on the sea. Most coasts have two high tides a day. Spring tides are the highest, at new moon and full moon.",
  violins:
    "The body of a violin is made of spruce and maple. The sound post carries vibrations from the front of the violin to its back. Its strings are tuned in fifths.",
};
