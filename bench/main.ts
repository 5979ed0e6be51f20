import { benchIntake } from './intake.ts';
import { benchPick, printPick } from './pick.ts';

console.log('One pick, by the number of operators');
printPick(benchPick());

console.log(
  '\nRequest to commit on SQLite (goals at 64 connections: gateway : bare >= 0.5, bare : loop >= 0.4)',
);
await benchIntake();
