/**
 * Tabs after the WAI-ARIA pattern: one tab stop, arrows and Home and End move, and what is moved to is shown.
 */

import { h } from './dom.js';

/** `tabs`: { id, label, content }, the last two what `h` takes. Returns { element, open(id) }; `open` moves the focus there. */
export function tabList(name, tabs) {
  const buttons = tabs.map(({ id, label }, place) =>
    h('button', { type: 'button', role: 'tab', id: `tab-${id}`, class: 'tab', 'aria-controls': `panel-${id}`, onclick: () => select(place), onkeydown: (event) => turn(event, place) }, label),
  );
  const panels = tabs.map(({ id, content }) => h('div', { role: 'tabpanel', id: `panel-${id}`, class: 'panel', 'aria-labelledby': `tab-${id}`, tabindex: 0 }, content));

  function select(place) {
    buttons.forEach((button, other) => {
      button.setAttribute('aria-selected', other === place);
      button.tabIndex = other === place ? 0 : -1;
      panels[other].hidden = other !== place;
    });
  }

  function turn(event, place) {
    const last = tabs.length - 1;
    const to = { ArrowRight: place === last ? 0 : place + 1, ArrowLeft: place === 0 ? last : place - 1, Home: 0, End: last }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    select(to);
    buttons[to].focus();
  }

  select(0);
  return {
    element: h('div', { class: 'tabs' }, h('div', { role: 'tablist', class: 'tab-list', 'aria-label': name }, buttons), panels),
    open(id) {
      const place = tabs.findIndex((tab) => tab.id === id);
      select(place);
      buttons[place].focus();
      const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
      buttons[place].scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
    },
  };
}
