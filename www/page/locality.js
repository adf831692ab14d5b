/**
 * Lets a person see the browser refuse a request. The address ends in .invalid, which by its definition never exists, so
 * a page that was served without the policy sends nothing to anybody either.
 */

import { find } from './dom.js';

export function offerProof() {
  const result = find('#try-result');
  find('#try-send').addEventListener('click', async () => {
    let refusedBy = null;
    const note = (event) => (refusedBy = event.effectiveDirective);
    document.addEventListener('securitypolicyviolation', note);
    await fetch('https://standin.invalid/').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 100)); // the report of the refusal comes as an event of its own
    document.removeEventListener('securitypolicyviolation', note);
    result.textContent = refusedBy ? `Refused by the browser (${refusedBy}).` : 'Not refused: this copy of the page was served without its policy. Do not use it for data that matters.';
  });
}
