import { serveUsage } from './usage.ts';

// The least that a Node process can be to answer 200.
await serveUsage();
