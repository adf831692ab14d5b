/** For `await using`; where the platform does not know it yet, the name that compilers put in its place. */
export const asyncDispose = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose');
