/*
 * Work that several workers share. The one that answers a call leads; each of the others is a hand, which the leader talks to over
 * a port of its own:
 *
 *   a fit      in   { brief }              what to begin with: all begin alike, and make the same steps between rounds of tasks
 *                   { task }               do this one
 *                   { task, found }        another one did it, and this is what it found
 *              out  { task, found }
 *   a sample   in   { sampler, model }     the arguments of `Model.sampler`, which say what part is asked for; the model's bytes
 *                   { more: true }         another piece
 *              out  { piece }              bytes, or null where none is left
 *   the end    in   { end: true }
 *
 * Who does what never changes a byte. A hand that fails dies of it; the client hears that and tells the leader, who does its part.
 */

import { inSlices } from './turns.js';

const AHEAD = 2; // pieces of a sample that a hand makes before they are asked for
const TOLD_MS = 60;
const LOOK_MS = 20; // how often a leader that waits looks whether the call was stopped

/** A hand, as its leader sees it. */
export class Hand {
  lost = false;
  #port;

  /** @param worker the number by which the client tells that its worker is lost */
  constructor(port, worker) {
    this.#port = port;
    this.worker = worker;
  }

  /** Calls `heard` with each message, and with null when the hand is lost. */
  listen(heard) {
    this.heard = heard;
    this.#port.onmessage = ({ data }) => heard(data);
  }

  tell(message) {
    if (!this.lost) this.#port.postMessage(message);
  }

  lose() {
    this.lost = true;
    this.heard?.(null);
  }

  end() {
    this.tell({ end: true });
    this.#port.close();
  }
}

/** Fits to the end. `call` tells the progress, and throws where it was stopped. */
export async function fitTogether(call, fitting, hands) {
  let next = 0;
  /** Now and then: the share is a sum over all tasks. */
  const told = (share) => {
    if (performance.now() < next) return;
    next = performance.now() + TOLD_MS;
    call.progress('fit', share(), 1);
  };
  let brief;
  await call.inSlices(() => {
    const share = fitting.step();
    told(() => share);
    return !(brief = fitting.brief());
  });
  hands.forEach((hand) => hand.tell({ brief }));
  for (let share = 0; share < 1; ) {
    await call.inSlices(() => {
      share = fitting.step();
      told(() => share);
      return share < 1 && fitting.open_tasks().length === 0;
    });
    if (share < 1) await shareRound(call, fitting, hands, () => told(() => fitting.share()));
  }
  call.progress('fit', 1, 1);
}

/** The tasks that are open now: each hand is given one after the other, and so is the leader. */
async function shareRound(call, fitting, hands, told) {
  const open = [...fitting.open_tasks()];
  let left = open.length;
  let woken = () => {};
  const done = (task, found, by) => {
    left--;
    hands.filter((hand) => hand !== by).forEach((hand) => hand.tell({ task, found }));
    told();
  };
  for (const hand of hands) {
    let task;
    const give = () => {
      task = hand.lost ? undefined : open.shift();
      if (task !== undefined) hand.tell({ task });
    };
    hand.listen((message) => {
      if (message) {
        if (!fitting.take_task(message.task, message.found)) throw new Error('a worker found something else');
        done(message.task, message.found, hand);
      } else if (task !== undefined) {
        open.unshift(task);
      }
      give();
      woken();
    });
    give();
  }
  while (left > 0) {
    const task = open.shift();
    if (task === undefined) {
      await new Promise((resolve) => {
        woken = resolve;
        setTimeout(resolve, LOOK_MS);
      });
      call.check();
      continue;
    }
    let found;
    await call.inSlices(() => {
      found = fitting.step_task(task);
      told();
      return !found;
    });
    done(task, found, null);
  }
}

/** A sampler whose pieces are made by all in turn; they come in their order. `open(which, all)` gives a sampler of one part. */
export class SharedSampler {
  #open;
  #own;
  #parts; // the leader's first
  #turn = 0;

  constructor(open, model, wanted, hands) {
    const all = hands.length + 1;
    this.#open = (which) => open(which, all);
    this.#own = this.#open(0);
    this.#parts = [new OwnPart(this.#own), ...hands.map((hand, place) => new HandsPart(hand, model, [...wanted, place + 1, all]))];
  }

  /** Null at the end. */
  async next() {
    const which = this.#turn % this.#parts.length;
    let piece = await this.#parts[which].next();
    if (piece === undefined) {
      const sampler = this.#open(which); // in the place of a hand that was lost
      sampler.skip(Math.floor(this.#turn / this.#parts.length));
      this.#parts[which] = new OwnPart(sampler);
      piece = this.#parts[which].next();
    }
    if (piece) this.#turn++;
    return piece ?? this.#parts[0].next(); // which has what stands below the last row
  }

  layout() {
    return this.#own.layout();
  }

  types() {
    return this.#own.types();
  }

  rows() {
    return this.#own.rows();
  }

  free() {
    this.#parts.forEach((part) => part.free());
  }
}

class OwnPart {
  constructor(sampler) {
    this.sampler = sampler;
  }

  next() {
    return this.sampler.next() ?? null;
  }

  free() {
    this.sampler.free();
  }
}

class HandsPart {
  #hand;
  #pieces = [];
  #waiting = null;

  constructor(hand, model, sampler) {
    this.#hand = hand;
    hand.listen((message) => {
      if (message) this.#pieces.push(message.piece);
      this.#waiting?.();
    });
    hand.tell({ sampler, model });
    for (let ahead = 0; ahead < AHEAD; ahead++) hand.tell({ more: true });
  }

  /** Undefined once the hand is lost. */
  async next() {
    if (this.#pieces.length === 0 && !this.#hand.lost) await new Promise((resolve) => (this.#waiting = resolve));
    if (this.#pieces.length > 0) this.#hand.tell({ more: true });
    return this.#pieces.shift();
  }

  free() {}
}

/** The hand's side: does what comes over the port until the leader ends it. `wasm`: what makes hands and models. */
export async function lendHand(port, wasm) {
  const heard = [];
  let woken = () => {};
  port.onmessage = ({ data }) => {
    heard.push(data);
    woken();
  };
  const isOver = () => heard.some(({ end }) => end);
  let [fitting, model, sampler] = [null, null, null];
  /** To the next round of tasks. */
  const step = () => inSlices(() => !isOver() && fitting.open_tasks().length === 0 && fitting.step() < 1);
  while (!isOver()) {
    const message = heard.shift();
    if (!message) {
      await new Promise((resolve) => (woken = resolve));
    } else if (message.brief) {
      fitting = new wasm.Hand(message.brief);
      await step();
    } else if (message.found) {
      if (!fitting.take_task(message.task, message.found)) throw new Error('a worker found something else');
      await step();
    } else if (message.task !== undefined) {
      let found;
      await inSlices(() => !isOver() && !(found = fitting.step_task(message.task)));
      if (found) port.postMessage({ task: message.task, found });
      await step();
    } else if (message.sampler) {
      model = wasm.Model.load(message.model);
      sampler = model.sampler(...message.sampler);
    } else if (message.more) {
      const piece = sampler.next() ?? null;
      port.postMessage({ piece }, piece ? [piece.buffer] : []);
    }
  }
  port.close();
  [fitting, sampler, model].forEach((object) => object?.free());
}
