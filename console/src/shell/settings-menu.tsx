import { Menu } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Keyboard, LogOut, Settings } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useIdentity } from '../api/session.ts';
import { useDesk } from '../state/desk-store.ts';
import { useShortcuts } from '../ui/keys.ts';
import { lazily, useEver } from '../ui/lazily.tsx';
import { Monogram } from '../ui/monogram.tsx';
import classes from './frame.module.css';
import { LanguageSwitch, ThemeSwitch } from './preferences.tsx';
import { signOut } from './sign-out.ts';

const ShortcutSheet = lazily(async () => (await import('./shortcut-sheet.tsx')).ShortcutSheet);

export function SettingsMenu() {
  const { t } = useTranslation();
  const { role } = useIdentity();
  const me = useDesk((desk) => desk.me);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const wasSheetOpen = useEver(isSheetOpen);
  useShortcuts({ '?': () => setSheetOpen(true) });

  const name = me?.name ?? t(`roles.${role}`);
  return (
    <>
      <Menu width={270} closeOnItemClick={false} trapFocus>
        <Menu.Target>
          <button type="button" className={classes.account} aria-label={t('me.menu')}>
            <Monogram name={name} seed={me?.id ?? 0} size={32} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <div className={classes.who}>
            <b>{name}</b>
            <span className={classes.load}>{me === null ? t('me.noOperator') : t(`roles.${role}`)}</span>
          </div>
          <Menu.Divider />
          <div className={classes.preference}>
            <span>{t('me.theme')}</span>
            <ThemeSwitch />
          </div>
          <div className={classes.preference}>
            <span>{t('me.language')}</span>
            <LanguageSwitch />
          </div>
          <Menu.Divider />
          <Menu.Item closeMenuOnClick leftSection={<Settings size={16} />} component={Link} to="/settings">
            {t('nav.settings')}
          </Menu.Item>
          <Menu.Item closeMenuOnClick leftSection={<Keyboard size={16} />} onClick={() => setSheetOpen(true)}>
            {t('me.shortcuts')}
          </Menu.Item>
          <Menu.Item closeMenuOnClick leftSection={<LogOut size={16} />} onClick={signOut}>
            {t('me.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {wasSheetOpen && <ShortcutSheet isOpen={isSheetOpen} onClose={() => setSheetOpen(false)} />}
    </>
  );
}
