import { benchIntake } from './intake.ts';
import { benchPick, growthOf, printPick } from './pick.ts';

console.log('One pick, by the number of operators');
const rows = benchPick();
printPick(rows);
console.log(`a pick at 10,000 operators costs ${growthOf(rows).toFixed(2)} of a pick at 10 (goal: below 5)`);

console.log(
  '\nRequest to commit on SQLite (goals at 64 connections: gateway : bare >= 0.5, bare : loop >= 0.4)',
);
await benchIntake();
