import { z } from 'zod';

/** Requests a minute; null: as many as the gateway lets anybody. */
export const RateLimit = z.int().min(1).max(6_000_000).nullable();
