/**
 * The entry `standin/element`: a custom element that makes a synthetic table of one that is dropped on it.
 * @module standin/element
 */

import type { Engine, Inspection, ModelInfo, Progress, StandinError } from './api.js';

/** Registers the element, unless that was done, and gives its class. Importing alone registers nothing. */
export function defineSynthesizer(name?: string): new () => StandinSynthesizer;

/**
 * Attributes, read when a file comes in: `rows`, `seed`, `preset`, `draws`, `format`, `min-support`, as the options of these names;
 * `accept`, as on a file field; `download-name`, of the synthetic file. Slots `hint` and `about` replace the two small texts. Parts:
 * panel, title, hint, detail, progress, problem, buttons, and button, which is also choose, cancel, download, leave-out or another. Colours:
 * --standin-accent, -on-accent, -ink, -soft, -card, -line and -bad; without them by `color-scheme`.
 */
export interface StandinSynthesizer extends HTMLElement {
  /** The engine to be used, perhaps shared, or a promise of it; it is not terminated. Default: one of its own, made when a person reaches for the element or a file comes, and ended when the element leaves the page. */
  engine: Engine | Promise<Engine> | null;
  /** Words in place of the English ones. */
  get strings(): SynthesizerStrings;
  set strings(strings: Partial<SynthesizerStrings>);
  /** Does what a drop does. Resolves when a file is offered, a problem shown, or it was cancelled. */
  synthesize(input: Blob, options?: { name?: string; skipBadRows?: boolean }): Promise<void>;
  /** Stops what is under way and shows what it shows at first. */
  reset(): void;
  /** Its own events have types too. */
  addEventListener<K extends keyof SynthesizerEvents>(type: K, listener: (this: StandinSynthesizer, event: SynthesizerEvents[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  /** As of any element. */
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

/** They bubble, out of shadow trees too. */
export interface SynthesizerEvents extends HTMLElementEventMap {
  'standin-inspected': CustomEvent<{ inspection: Inspection; name: string }>;
  'standin-progress': CustomEvent<Progress>;
  'standin-done': CustomEvent<{ blob: Blob; info: ModelInfo; name: string }>;
  'standin-error': CustomEvent<{ error: StandinError }>;
}

/** What it says. Functions make a sentence of what they are given; times are in ms. */
export interface SynthesizerStrings {
  /** Of the whole, for screen readers. */
  label: string;
  title: string;
  choose: string;
  hint: string;
  /** Of the progress bar, for screen readers. */
  working: string;
  phases: { read: string; fit: string; sample: string };
  /** What is done now: the step of so many, the share of it that is done, and the time left, null while unknown. */
  step: (step: number, steps: number, share: number, etaMs: number | null) => string;
  cancel: string;
  /** Above a finished table of so many rows. */
  ready: (rows: number) => string;
  /** On the button; the format is such as CSV. */
  download: (format: string) => string;
  /** Of the finished file: its name, its size, and the model it is of. */
  about: (name: string, bytes: number, info: ModelInfo) => string;
  leaveOut: string;
  another: string;
  /** What went wrong, and what to do. */
  problem: (error: StandinError) => string;
}

declare global {
  interface HTMLElementTagNameMap {
    'standin-synthesizer': StandinSynthesizer;
  }
}
