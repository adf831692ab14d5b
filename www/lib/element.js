/**
 * `<standin-synthesizer>`: takes a table by click or drop, makes a synthetic one and offers it for download. Nothing is registered
 * until `defineSynthesizer` is called, so importing this module is safe on a server too.
 */

import { FORMATS, baseName } from './formats.js';
import { CSS, STRINGS } from './look.js';
import { StandinError } from './slim.js';

const STEPS = ['read', 'fit', 'sample'];
/** Problems of single rows, which the rest of a file can do without. */
const OF_ROWS = ['ragged-rows', 'not-utf8', 'not-text', 'too-large'];

/** Registers the element, unless that was done, and gives its class. */
export function defineSynthesizer(name = 'standin-synthesizer') {
  if (!customElements.get(name)) customElements.define(name, makeClass());
  return customElements.get(name);
}

/** Not a class of this module: `HTMLElement` is not there on a server. */
function makeClass() {
  const sheet = new CSSStyleSheet(); // which a policy without 'unsafe-inline' allows
  sheet.replaceSync(CSS);

  return class Synthesizer extends HTMLElement {
    #strings = STRINGS;
    #engine = null; // given, or made when it is needed: an Engine or a promise of one
    #own = false;
    #abort = null;
    #url = null;
    #panel; // shows one state at a time

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
      root.adoptedStyleSheets = [sheet];
      this.#panel = h('div', { part: 'panel', role: 'group' });
      root.append(this.#panel, h('p', { class: 'spoken', role: 'status' }));
      this.#panel.addEventListener('click', ({ target }) => this.#choose(target));
      this.addEventListener('dragover', (event) => this.#over(event, true));
      this.addEventListener('dragleave', (event) => this.#over(event, this.contains(event.relatedTarget)));
      this.addEventListener('drop', (event) => {
        this.#over(event, false);
        const [file] = event.dataTransfer.files;
        if (file && !this.#abort) this.synthesize(file);
      });
      for (const sign of ['focusin', 'click', 'dragenter']) this.addEventListener(sign, () => this.#expect(), { once: true });
      this.reset();
      for (const name of ['engine', 'strings']) this.#adopt(name);
    }

    disconnectedCallback() {
      queueMicrotask(() => !this.isConnected && this.#end()); // unless it was only moved
    }

    get engine() {
      return this.#engine;
    }

    set engine(engine) {
      this.#end();
      this.#engine = engine;
      this.#own = false;
    }

    get strings() {
      return this.#strings;
    }

    set strings(strings) {
      this.#strings = { ...STRINGS, ...strings };
      if (!this.#abort) this.reset();
    }

    /** Stops what is under way and shows what it shows at first. */
    reset() {
      this.#stop();
      this.#release();
      const { title, choose, hint, label } = this.#strings;
      const file = h('input', { type: 'file', hidden: '' });
      file.addEventListener('change', () => file.files[0] && this.synthesize(file.files[0]));
      this.#panel.setAttribute('aria-label', label);
      this.#show('idle', h('p', { part: 'title' }, title), h('button', { type: 'button', part: 'button choose' }, choose), h('p', { part: 'hint' }, h('slot', { name: 'hint' }, hint)), file);
    }

    /** What a drop starts. Resolves when the file is made or the trouble is told; both come as events too. */
    async synthesize(input, { name = input.name ?? 'table.csv', skipBadRows = false } = {}) {
      this.#stop();
      this.#release();
      const abort = (this.#abort = new AbortController());
      const { signal } = abort;
      const onProgress = this.#showProgress(name, signal);
      try {
        const options = this.#options();
        const engine = await this.#openEngine();
        const inspection = await engine.inspect(input, { skipBadRows, signal, onProgress });
        this.#tell('inspected', { inspection, name });
        const model = await engine.fit(input, { ...options.fit, skipBadRows, signal, onProgress });
        try {
          const blob = await model.sample({ ...options.sample, signal, onProgress }).toBlob();
          if (signal.aborted) return;
          this.#abort = null;
          const { info } = model;
          const saved = this.getAttribute('download-name') ?? `${baseName(name)}-synthetic.${FORMATS[blob.type][1]}`;
          this.#showDone(blob, saved, options.sample.numRows ?? info.rows, info);
          this.#tell('done', { blob, info, name: saved });
        } finally {
          model.dispose();
        }
      } catch (error) {
        if (signal.aborted) return; // by whoever now decides what is shown
        this.#abort = null;
        const withoutRows = error.row != null && OF_ROWS.includes(error.code) && !skipBadRows;
        this.#showProblem(error, withoutRows && (() => this.synthesize(input, { name, skipBadRows: true })));
        this.#tell('error', { error });
      }
    }

    #stop() {
      this.#abort?.abort();
      this.#abort = null;
    }

    /** What was set while this was not yet defined stands in the way of the property. */
    #adopt(name) {
      if (!Object.hasOwn(this, name)) return;
      const { [name]: value } = this;
      delete this[name];
      this[name] = value;
    }

    /** A click anywhere, but on a link in a slot, or on the field that this very click opens. */
    #choose(target) {
      const file = this.#panel.querySelector('input');
      if (!file || target.closest('a, input')) return;
      file.accept = this.getAttribute('accept') ?? '';
      file.click();
    }

    #options() {
      const text = (name) => this.getAttribute(name) || undefined;
      const number = (name) => {
        const value = text(name);
        if (value === undefined) return undefined;
        if (!Number.isInteger(Number(value)) || Number(value) < 1) throw new StandinError('bad-options', `The attribute ${name} must be a whole number from 1.`);
        return Number(value);
      };
      return {
        fit: { seed: text('seed'), preset: text('preset'), minSupport: number('min-support') },
        sample: { numRows: number('rows'), draws: text('draws'), format: text('format') },
      };
    }

    async #openEngine() {
      if (!this.#engine) {
        this.#own = true;
        this.#engine = import('./index.js').then(({ createEngine }) => createEngine());
        this.#engine.catch(() => (this.#engine = null)); // the next file tries again
      }
      return this.#engine;
    }

    /** Who reaches for this will bring a table: meanwhile the engine is fetched and compiled. */
    #expect() {
      this.#openEngine().then((engine) => engine.warmUp(), () => {}); // what fails here is told when a file comes
    }

    #end() {
      this.reset();
      if (!this.#own) return;
      this.#engine?.then((engine) => engine.terminate(), () => {});
      this.#engine = null;
      this.#own = false;
    }

    #showProgress(name, signal) {
      const { working, cancel, phases, step } = this.#strings;
      const title = h('p', { part: 'title' }, phases.read);
      const bar = h('progress', { part: 'progress', max: 1, value: 0, 'aria-label': working });
      const detail = h('p', { part: 'detail' }, name);
      const button = h('button', { type: 'button', part: 'button cancel', onclick: () => this.reset() }, cancel);
      this.#show('working', title, bar, detail, button);
      this.#say(phases.read);
      let spoken = '';
      return (progress) => {
        if (signal.aborted) return;
        const { phase, done, total, etaMs } = progress;
        const share = total > 0 ? done / total : 0;
        title.textContent = phases[phase];
        const before = STEPS.indexOf(phase);
        bar.value = (before + share) / STEPS.length;
        detail.textContent = step(before + 1, STEPS.length, share, etaMs);
        if (phase !== spoken) this.#say(phases[(spoken = phase)]);
        this.#tell('progress', progress);
      };
    }

    #showDone(blob, name, rows, info) {
      const { ready, download, another, about } = this.#strings;
      this.#url = URL.createObjectURL(blob);
      const link = h('a', { part: 'button download', href: this.#url, download: name }, download(FORMATS[blob.type][0]));
      const title = ready(rows);
      this.#show('done', h('p', { part: 'title' }, title), h('div', { part: 'buttons' }, link, this.#anotherButton(another)), h('p', { part: 'hint' }, h('slot', { name: 'about' }, about(name, blob.size, info))));
      this.#say(title);
    }

    #showProblem(error, withoutRows) {
      const { problem, leaveOut, another } = this.#strings;
      const ways = withoutRows ? [h('button', { type: 'button', part: 'button leave-out', onclick: withoutRows }, leaveOut)] : [];
      this.#show('problem', h('p', { part: 'problem', role: 'alert' }, problem(error)), h('div', { part: 'buttons' }, ...ways, this.#anotherButton(another)));
    }

    #anotherButton(label) {
      return h('button', { type: 'button', part: 'button another', onclick: () => this.reset() }, label);
    }

    /** Focus that was in what goes away moves to the first thing that can be done. */
    #show(state, ...parts) {
      const held = this.shadowRoot.activeElement !== null;
      this.#panel.dataset.state = state;
      this.#panel.replaceChildren(...parts);
      if (held) this.#panel.querySelector('button, a')?.focus();
    }

    #say(text) {
      this.shadowRoot.querySelector('.spoken').textContent = text;
    }

    #over(event, inside) {
      event.preventDefault();
      this.#panel.classList.toggle('over', inside && !this.#abort);
    }

    #release() {
      if (this.#url) URL.revokeObjectURL(this.#url);
      this.#url = null;
    }

    #tell(what, detail) {
      this.dispatchEvent(new CustomEvent(`standin-${what}`, { detail, bubbles: true, composed: true }));
    }
  };
}

function h(tag, { onclick, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  if (onclick) element.addEventListener('click', onclick);
  element.append(...children);
  return element;
}
