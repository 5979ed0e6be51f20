import { expect, test } from 'vitest';
import { faultsOf } from './axe.ts';
import { ADMIN_TOKEN, furnish, signIn, takePicture, words } from './furnished.ts';

const said = {
  en: {
    fair: 'Fair: as the weights say. The largest effect is “at the cap”: Anna −2.',
    anna: 'Anna 1 0 0% 50% −2 at the cap −2',
    boris: 'Boris 1 4 100% 50% +2 at the cap +2',
  },
  ru: {
    fair: 'Справедливо: по весам. Сильнее всего сказалось «полная загрузка»: Anna −2.',
    anna: 'Anna 1 0 0 % 50 % −2 полная загрузка −2',
    boris: 'Boris 1 4 100 % 50 % +2 полная загрузка +2',
  },
} as const;

test.for(['en', 'ru'] as const)(
  'the statistics say whether a source is fair, and what makes each difference (%s)',
  async (language) => {
    await using house = await furnish();
    // At the cap from the beginning: half of what comes would be hers.
    await house.hire('Anna', 0);
    await house.hire('Boris', 10);
    for (const lead of ['a', 'b', 'c', 'd'])
      await house.call('POST', '/contacts', { external_id: lead, source_code: 'shop' });
    const page = await signIn(house, ADMIN_TOKEN, words[language]);

    await page.goto(`${house.app.url}/statistics`);
    await page.getByText(said[language].fair).waitFor();

    for (const name of ['anna', 'boris'] as const) {
      const row = page.getByRole('row', { name: said[language][name].slice(0, 7) });
      const cells = await row.last().getByRole('rowheader').or(row.last().getByRole('cell')).allInnerTexts();
      expect(cells.join(' ').replaceAll(/\s+/g, ' ')).toBe(said[language][name]);
    }
    await takePicture(page, `distribution-${language}`);
    expect(await faultsOf(page)).toEqual([]);
  },
);
