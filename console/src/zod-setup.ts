import { config } from 'zod';

// zod's fast path builds functions from text, which the Content-Security-Policy forbids.
config({ jitless: true });
