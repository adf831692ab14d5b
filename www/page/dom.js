/**
 * Builds elements. Text only ever becomes text nodes, so nothing from a file can turn into markup.
 */

const SVG = 'http://www.w3.org/2000/svg';

/** `h('p', { class: 'note', onclick: f }, 'text', child, …)`; attributes that are null or false are left out. */
export const h = (tag, attributes, ...children) => build(document.createElement(tag), attributes, children);

/** The same for SVG elements. */
export const svg = (tag, attributes, ...children) => build(document.createElementNS(SVG, tag), attributes, children);

export const find = (selector) => document.querySelector(selector);

function build(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Shows the element and moves the reader there: focus for the keyboard and the screen reader, scroll for the eye. */
export function goTo(element) {
  element.hidden = false;
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  element.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
}

export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the browser needs it until the copy is made
}
