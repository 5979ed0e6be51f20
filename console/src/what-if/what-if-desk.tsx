import { useTranslation } from 'react-i18next';
import { useState } from 'react';
import { useIdentity } from '../api/session.ts';
import { Asked } from '../sources/asked.tsx';
import { FaultLine } from '../sources/fault-line.tsx';
import { LeaveGuard } from '../sources/leave-guard.tsx';
import { ApplyDialog } from './apply-dialog.tsx';
import { EditGrid } from './edit-grid.tsx';
import { LoadForm } from './load-form.tsx';
import { Result } from './result.tsx';
import { RunBar } from './run-bar.tsx';
import { useBench, type Setting } from './use-bench.ts';
import { useFaults } from './use-faults.ts';
import { useRun } from './use-run.ts';
import classes from './what-if.module.css';

/** The contacts that come, what is edited, and what becomes of it. */
export function WhatIfDesk(setting: Setting) {
  const { t } = useTranslation('rooms');
  const mayApply = useIdentity().role === 'admin';
  const bench = useBench(setting);
  const runner = useRun(bench);
  const faults = useFaults(runner.error);
  const [isApplying, setApplying] = useState(false);
  const { differences, aside, query } = bench;

  async function openApply() {
    // What others have saved meanwhile stands in the list beside the edits.
    await query.refetch();
    setApplying(true);
  }

  return (
    <>
      <LoadForm load={bench.load} sources={setting.sources} faults={faults} onChange={bench.changeLoad} />
      <Asked query={query}>{() => <EditGrid bench={bench} />}</Asked>
      <div className={classes.faults}>
        <FaultLine text={faults.changes} />
        <FaultLine text={faults.form} />
      </div>
      <RunBar bench={bench} runner={runner} onApply={mayApply ? openApply : null} />
      {runner.ended !== null && <Result runner={runner} ended={runner.ended} onLoad={bench.changeLoad} />}
      {isApplying && <ApplyDialog bench={bench} onLeave={() => setApplying(false)} />}
      {differences.length + aside > 0 && <LeaveGuard title={t('whatIf.leave')} />}
    </>
  );
}
