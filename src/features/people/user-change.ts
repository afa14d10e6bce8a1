import { Injectable } from '@nestjs/common';
import { Contributions } from '../../platform/contributions.js';
import type { Transaction } from '../../platform/database/transaction.js';
import type { UserAnswer } from './people.dto.js';

/** Everything that follows from a change of a user. */
const userChangeSteps = [
  // ends the sessions and the links of a user who was deactivated, and the links of an earlier address
  'sign-in',
] as const;
export type UserChangeStepName = (typeof userChangeSteps)[number];

/** Runs after the change, in its transaction, while the user is locked. */
export type UserChangeStep = (tx: Transaction, before: UserAnswer, after: UserAnswer) => Promise<void>;

@Injectable()
export class UserChangeSteps extends Contributions<UserChangeStepName, UserChangeStep> {
  constructor() {
    super(userChangeSteps);
  }
}
