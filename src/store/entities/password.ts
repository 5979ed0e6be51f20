import { defineEntity, p } from '@mikro-orm/core';
import { Operator } from './operator.ts';

/** How an operator proves who it is. Apart from the operator, which is read everywhere: this is read at sign-in alone. */
export const PasswordSchema = defineEntity({
  name: 'Password',
  tableName: 'password',
  properties: {
    operator: () => p.oneToOne(Operator).primary().deleteRule('cascade').owner(),
    // Argon2id in its own notation, with salt and parameters.
    hash: p.text(),
    changedAt: p.datetime(),
  },
});
export class Password extends PasswordSchema.class {}
PasswordSchema.setClass(Password);
