export { numberText } from '../show/number-text.js';
export { printable } from '../show/printable.js';
export * from './counts.js';
export * from './decision.js';
export * from './details.js';
export * from './difference.js';
export * from './guards.js';
export * from './style.js';
export * from './theirs.js';
