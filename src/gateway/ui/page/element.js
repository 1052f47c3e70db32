// What others say becomes text, never markup: nothing here takes HTML.

export const byId = (id) => document.getElementById(id);

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Only where it is another one, so that what a reader has selected stays selected. */
export function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}
