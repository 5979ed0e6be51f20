import * as fc from 'fast-check';

// Each mutant meets the same cases; and one counterexample is enough to know it for wrong, it need not be the smallest.
fc.configureGlobal({ seed: 20_260_101, endOnFailure: true });
