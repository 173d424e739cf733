export * from './style.js';
export * from './theirs.js';
