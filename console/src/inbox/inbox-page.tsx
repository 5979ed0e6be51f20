import { useMediaQuery } from '@mantine/hooks';
import { MessagesSquare } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readStored, writeStored } from '../state/storage.ts';
import { Notice } from '../ui/notice.tsx';
import { lazily } from '../ui/lazily.tsx';
import { Resizer } from '../ui/resizer.tsx';
import { useStoredNumber } from '../ui/stored-number.ts';
import classes from './inbox.module.css';
import { ListPane } from './list-pane.tsx';
import { usePlace } from './place.ts';
import type { Side } from './side-pane.tsx';

const ThreadPane = lazily(async () => (await import('./thread-pane.tsx')).ThreadPane);
const SidePane = lazily(async () => (await import('./side-pane.tsx')).SidePane);
const SideDrawer = lazily(async () => (await import('./side-drawer.tsx')).SideDrawer);

const LIST = { min: 260, max: 460, initial: 320 };
const SIDE = { min: 250, max: 460, initial: 296 };

/** The side pane: beside the thread where there is room, over it where there is not. */
function useSide(hasRoom: boolean) {
  const [beside, setBeside] = useState<Side | null>(() => {
    const stored = readStored('side');
    return stored === 'why' || stored === 'none' ? (stored === 'why' ? 'why' : null) : 'lead';
  });
  const [over, setOver] = useState<Side | null>(null);
  const show = (side: Side | null) => {
    if (!hasRoom) return setOver(side);
    setBeside(side);
    writeStored('side', side ?? 'none');
  };
  return { side: hasRoom ? beside : over, show };
}

export function InboxPage() {
  const { t } = useTranslation('inbox');
  const place = usePlace();
  const hasRoom = useMediaQuery('(min-width: 1160px)', true, { getInitialValueInEffect: false });
  const [listWidth, setListWidth] = useStoredNumber('width.list', LIST.initial);
  const [sideWidth, setSideWidth] = useStoredNumber('width.side', SIDE.initial);
  const { side, show } = useSide(hasRoom);
  const { id } = place;

  return (
    <div className={classes.inbox} data-open={id !== null}>
      <div className={classes.list} style={{ ['--width' as string]: `${listWidth}px` }}>
        <ListPane place={place} />
      </div>
      <Resizer
        {...LIST}
        label={t('lead.resizeList')}
        width={listWidth}
        direction={1}
        onResize={setListWidth}
      />
      <div className={classes.thread}>
        {id === null ? (
          <Notice
            icon={<MessagesSquare size={26} />}
            title={t('empty.pickTitle')}
            text={t('empty.pickText')}
          />
        ) : (
          <ThreadPane key={id} id={id} place={place} side={side} onSide={show} />
        )}
      </div>
      {id !== null && side !== null && hasRoom && (
        <>
          <Resizer
            {...SIDE}
            label={t('lead.resize')}
            width={sideWidth}
            direction={-1}
            onResize={setSideWidth}
          />
          <div className={classes.side} style={{ width: sideWidth }}>
            <SidePane key={id} id={id} side={side} onSide={show} />
          </div>
        </>
      )}
      {id !== null && !hasRoom && <SideDrawer id={id} side={side} onSide={show} />}
    </div>
  );
}
