/** The words of a command were not understood. */
export class UsageFault extends Error {}
