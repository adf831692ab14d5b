/**
 * Every way a page has to send something out by itself. The page tries them to show a person that the browser refuses; the
 * twins of the leak test use them in earnest, so that a way which sends nothing anywhere is noticed.
 */

import { h } from './dom.js';

const OPEN_MS = 1000; // how long what was begun is left alone before it is cleared away

/**
 * `go(to, text)` sends the text to an address, or as much of it as this way can carry. What it throws says nothing about who
 * refused; the browser tells that in an event, but for the worker's, which resolves with what refused it. `lacks`: whether
 * this browser has no such way. `quiet`: not every browser tells of a refusal. `free`: a policy in the page does not govern it,
 * and the page cannot see whether something else does.
 */
export const WAYS = [
  { name: 'fetch', says: 'A message in the background', go: async (to, text) => void (await fetch(to, { method: 'POST', mode: 'no-cors', body: text })) },
  { name: 'worker', says: 'A message from a worker, such as the one that reads your file', go: fromWorker, quiet: true },
  { name: 'xhr', says: 'A message in the background, the older way', go: byOldRequest },
  { name: 'beacon', says: 'A message as the page is left', go: (to, text) => void navigator.sendBeacon(to, text) },
  { name: 'websocket', says: 'A line that stays open', go: (to) => void new WebSocket(to.replace(/^http/, 'ws')) },
  { name: 'eventsource', says: 'A line that waits for news', go: (to, text) => closed(new EventSource(carrying(to, text))) },
  { name: 'image', says: 'A picture', go: (to, text) => void (new Image().src = carrying(to, text)) },
  { name: 'audio', says: 'A sound', go: (to, text) => void (new Audio().src = carrying(to, text)) },
  { name: 'css', says: 'A picture in a style', go: inStyle },
  { name: 'font', says: 'A typeface', go: async (to, text) => void (await new FontFace('standin', `url("${carrying(to, text)}")`).load()) },
  { name: 'stylesheet', says: 'A style sheet', go: (to, text) => attach(h('link', { rel: 'stylesheet', href: carrying(to, text) })) },
  { name: 'iframe', says: 'A page inside this one', go: (to, text) => attach(h('iframe', { src: carrying(to, text), title: '' })) },
  { name: 'object', says: 'An embedded file', go: (to, text) => attach(h('object', { data: carrying(to, text) })) },
  { name: 'form', says: 'A form', go: byForm },
  { name: 'prefetch', says: 'A page fetched ahead', go: (to, text) => attach(h('link', { rel: 'prefetch', href: carrying(to, text) })), lacks: () => !document.createElement('link').relList.supports('prefetch'), quiet: true },
  { name: 'webrtc', says: 'A call to another browser', go: byCall, lacks: () => !globalThis.RTCPeerConnection, free: true },
];

const carrying = (to, text) => `${to}?${encodeURIComponent(text)}`;

/** Out of sight, and gone again when the browser has decided. */
function attach(element) {
  const host = h('div', { class: 'visually-hidden', inert: true }, element);
  document.body.append(host);
  setTimeout(() => host.remove(), OPEN_MS);
}

function closed(line) {
  setTimeout(() => line.close(), OPEN_MS);
}

function byOldRequest(to, text) {
  const request = new XMLHttpRequest();
  request.open('POST', to);
  request.send(text);
}

function inStyle(to, text) {
  const element = h('div');
  element.style.backgroundImage = `url("${carrying(to, text)}")`;
  attach(element);
}

function byForm(to, text) {
  const form = h('form', { action: to, method: 'post', target: 'standin-form' }, h('input', { name: 'text', value: text }));
  attach(h('div', {}, form, h('iframe', { name: 'standin-form', title: '' })));
  form.submit();
}

const WORKER = `addEventListener('securitypolicyviolation', (event) => postMessage(event.effectiveDirective));
addEventListener('message', async ({ data: [to, text] }) => {
  await fetch(to, { method: 'POST', mode: 'no-cors', body: text }).catch(() => {});
  setTimeout(() => postMessage(null), 100); // the report of a refusal comes as an event of its own
});`;

let workerUrl = null; // a policy of one name can be made once

/** Resolves with the part of the policy that the worker saw refuse it, or null. */
async function fromWorker(to, text) {
  workerUrl ??= trusted(URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' })));
  const worker = new Worker(workerUrl);
  const refused = await new Promise((resolve) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage([to, text]);
  });
  worker.terminate();
  return refused;
}

function trusted(url) {
  const types = globalThis.trustedTypes;
  return types ? types.createPolicy('standin-ways', { createScriptURL: (own) => own }).createScriptURL(url) : url;
}

/** Asks a server which address the call would come from; that question leaves by UDP. */
async function byCall(to) {
  const { hostname, port } = new URL(to);
  const call = new RTCPeerConnection({ iceServers: [{ urls: `stun:${hostname}:${port || 3478}` }] });
  setTimeout(() => call.close(), OPEN_MS);
  call.createDataChannel('');
  await call.setLocalDescription();
}
